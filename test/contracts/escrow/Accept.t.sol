// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Order, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice The buyer's word that ends the dispute window early (Dispute.tree).
contract AcceptTest is EscrowTest {
    function acceptReverts(Order memory o, bytes memory signed_, bytes memory err) private {
        expectError(err);
        vm.prank(stranger);
        escrow.accept(o, signed_);
    }

    function notBuyer(Order memory o, bytes memory signed_) private {
        acceptReverts(o, signed_, abi.encodeWithSelector(Errors.AccessEscrow_NotBuyer.selector, idOf(o)));
    }

    function accepted(Order memory o, address at) private view returns (bytes memory) {
        return signature(BUYER_KEY, Digests.acceptance(idOf(o), at));
    }

    function test_RevertGiven_NotDelivered() public {
        Order memory o = analysis();
        acceptReverts(o, accepted(o, address(escrow)), wrongState(o, OrderState.None));
        fund(o);
        acceptReverts(o, accepted(o, address(escrow)), wrongState(o, OrderState.Funded));
        fail(o);
        acceptReverts(o, accepted(o, address(escrow)), wrongState(o, OrderState.Refunded));
    }

    function test_RevertGiven_Settled() public {
        Order memory o = settled(analysis());
        acceptReverts(o, accepted(o, address(escrow)), wrongState(o, OrderState.Settled));
    }

    function test_RevertGiven_Disputed() public {
        vm.prank(timelock);
        escrow.setArbitrator(address(this));
        Order memory o = analysis();
        o.arbitrator = address(this);
        delivered(o);
        escrow.dispute(o);
        acceptReverts(o, accepted(o, address(escrow)), wrongState(o, OrderState.Disputed));
    }

    function test_RevertGiven_DownloadWithoutReport() public {
        Order memory o = delivered(download());
        acceptReverts(o, accepted(o, address(escrow)), notReported(o));
        report(o, 0);
        escrow.accept(o, accepted(o, address(escrow)));
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
    }

    function test_RevertWhen_NobodySigned() public {
        notBuyer(delivered(analysis()), "");
    }

    function test_RevertWhen_SignatureIsAnothers() public {
        Order memory o = delivered(analysis());
        notBuyer(o, signature(0xBAD, Digests.acceptance(idOf(o), address(escrow))));
        notBuyer(o, accepted(o, address(newEscrow(FEE_BPS))));
        notBuyer(o, accepted(download(), address(escrow)));
        // The signature that ordered does not accept.
        notBuyer(o, signature(BUYER_KEY, idOf(o)));
        vm.chainId(1);
        bytes memory elsewhere = accepted(o, address(escrow));
        vm.chainId(31337);
        notBuyer(o, elsewhere);
    }

    function test_WhenBuyerIsTheSender() public {
        Order memory o = delivered(analysis());
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderAccepted(idOf(o), dataset, buyer);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderSettled(idOf(o), dataset, 70e6, 20e6, 10e6, 2_500_000, 0);
        vm.prank(buyer);
        escrow.accept(o, "");
        assertState(o, OrderState.Settled);
        assertEq(payouts.creditOf(address(dollar), operator(1)), 20e6);
    }

    function test_WhenBuyerSignedAnyoneSends() public {
        Order memory o = delivered(analysis());
        vm.prank(stranger);
        escrow.accept(o, accepted(o, address(escrow)));
        assertState(o, OrderState.Settled);
    }

    function test_WhenBuyerIsContractAccount() public {
        ContractAccount account = new ContractAccount(vm.addr(0xCA));
        fundAccount(address(account));
        Order memory o = analysis();
        o.buyer = address(account);
        delivered(o);
        notBuyer(o, accepted(o, address(escrow)));
        escrow.accept(o, signature(0xCA, Digests.acceptance(idOf(o), address(escrow))));
        assertState(o, OrderState.Settled);
    }
}
