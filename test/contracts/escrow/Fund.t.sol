// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessEscrow} from "../../../contracts/AccessEscrow.sol";
import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Terms} from "../../../contracts/types/DataUseTypes.sol";
import {Order, OrderKind, OrderState, OrderStatus} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {EscrowTest} from "./EscrowTest.sol";

contract FundTest is EscrowTest {
    /*//////////////////////////////////////////////////////////////
                                 STATE
    //////////////////////////////////////////////////////////////*/

    function test_RevertGiven_OrderExists() public {
        Order memory o = funded(analysis());
        fundReverts(o, wrongState(o, OrderState.Funded));
    }

    function test_RevertGiven_AssetUnknown() public {
        Order memory o = analysis();
        o.asset = 42;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_AssetNotListed.selector, 42));
    }

    function test_RevertGiven_AssetFrozen() public {
        Order memory o = analysis();
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_AssetNotListed.selector, dataset));
    }

    function test_RevertGiven_AssetDelisted() public {
        Order memory o = analysis();
        vm.prank(curator);
        assets.delist(dataset);
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_AssetNotListed.selector, dataset));
    }

    function test_RevertGiven_FeeRoseAboveMaximum() public {
        Order memory o = analysis();
        o.maxFee = uint96(fee(PRICE, FEE_BPS));
        vm.prank(timelock);
        escrow.setFee(FEE_BPS + 1);
        fundReverts(
            o,
            abi.encodeWithSelector(
                Errors.AccessEscrow_FeeAboveMaximum.selector,
                fee(PRICE, FEE_BPS + 1),
                o.maxFee
            )
        );
        vm.prank(timelock);
        escrow.setFee(FEE_BPS);
        fund(o);
    }

    /*//////////////////////////////////////////////////////////////
                               WHO ORDERS
    //////////////////////////////////////////////////////////////*/

    function notBuyer(Order memory o, bytes memory sig) private {
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_NotBuyer.selector, idOf(o)));
        vm.prank(stranger);
        escrow.fund(o, terms(), "", sig);
    }

    function test_RevertWhen_SenderIsNotBuyer() public {
        // The allowance is in place: it alone authorises nothing.
        notBuyer(analysis(), "");
    }

    function test_RevertWhen_SignedBySomeoneElse() public {
        Order memory o = analysis();
        notBuyer(o, signature(0xBAD, idOf(o)));
    }

    function test_RevertWhen_SignedForAnotherOrder() public {
        Order memory other = order(OrderKind.Analysis, bytes32("other"));
        notBuyer(analysis(), signature(BUYER_KEY, idOf(other)));
    }

    function test_RevertWhen_SignedForAnotherEscrow() public {
        Order memory o = analysis();
        notBuyer(o, signature(BUYER_KEY, Digests.order(o, address(newEscrow(FEE_BPS)))));
    }

    function test_RevertWhen_SignedForAnotherChain() public {
        Order memory o = analysis();
        vm.chainId(1);
        bytes memory sig = signature(BUYER_KEY, idOf(o));
        vm.chainId(31337);
        notBuyer(o, sig);
    }

    function test_WhenBuyerSignedAnyoneSends() public {
        Order memory o = analysis();
        bytes memory sig = signature(BUYER_KEY, idOf(o));
        vm.prank(stranger);
        assertEq(escrow.fund(o, terms(), "", sig), idOf(o));
        assertState(o, OrderState.Funded);
    }

    function test_WhenBuyerIsContractAccount() public {
        ContractAccount account = new ContractAccount(vm.addr(0xCA));
        fundAccount(address(account));
        Order memory o = analysis();
        o.buyer = address(account);
        notBuyer(o, signature(0xBAD, idOf(o)));
        bytes memory sig = signature(0xCA, idOf(o));
        vm.prank(stranger);
        escrow.fund(o, terms(), "", sig);
        assertState(o, OrderState.Funded);
    }

    /*//////////////////////////////////////////////////////////////
                            WHAT IS ORDERED
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_VersionNotCurrent() public {
        Order memory o = analysis();
        o.version = 2;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_VersionNotCurrent.selector, 1, 2));
        o.version = 1;
        vm.prank(curator);
        assets.addVersion(dataset, version());
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_VersionNotCurrent.selector, 2, 1));
    }

    function test_RevertWhen_KindIsNone() public {
        Order memory o = order(OrderKind.None, bytes32("none"));
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_ModeNotPermitted.selector, ALL_MODES, 0));
    }

    function test_RevertWhen_ModeNotPermitted() public {
        Order memory o = order(OrderKind.ModelUse, bytes32("use"));
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_ModeNotPermitted.selector, ALL_MODES, 16));
    }

    function test_WhenModeIsTheKinds() public {
        // Analysis 1, training 2, download 4: each alone permits its kind and no other.
        for (uint8 bit = 0; bit < 3; ++bit) {
            uint256 asset = listWithModes(uint8(1 << bit));
            for (uint8 kind = 1; kind <= 3; ++kind) {
                Order memory o = orderOf(asset, OrderKind(kind), bytes32(uint256(kind)));
                if (kind == bit + 1) {
                    fund(o);
                } else {
                    fundReverts(
                        o,
                        abi.encodeWithSelector(
                            Errors.AccessEscrow_ModeNotPermitted.selector,
                            1 << bit,
                            1 << (kind - 1)
                        )
                    );
                }
            }
        }
    }

    function test_RevertWhen_PriceDiffers() public {
        Order memory o = analysis();
        o.price = PRICE + 1;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_PriceMismatch.selector, PRICE, o.price));
        o.price = PRICE - 1;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_PriceMismatch.selector, PRICE, o.price));
    }

    function mismatch(Order memory o) private {
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_ConfigurationMismatch.selector, dataset));
    }

    function test_RevertWhen_TokenDiffers() public {
        Order memory o = analysis();
        o.token = 2;
        mismatch(o);
    }

    function test_RevertWhen_GatewaySetDiffers() public {
        Order memory o = analysis();
        o.gatewaySet = gateways.createSet(members(), 2);
        mismatch(o);
    }

    function test_RevertWhen_ThresholdDiffers() public {
        Order memory o = analysis();
        o.threshold = 1;
        mismatch(o);
    }

    function test_RevertWhen_CustodianDiffers() public {
        Order memory o = analysis();
        o.custodian = 2;
        mismatch(o);
    }

    function test_RevertWhen_CustodianShareDiffers() public {
        Order memory o = analysis();
        o.custodianBps -= 1;
        mismatch(o);
    }

    function test_RevertWhen_CuratorShareDiffers() public {
        Order memory o = analysis();
        o.curatorBps += 1;
        mismatch(o);
    }

    function test_RevertWhen_TermsAreNotTheDatasets() public {
        Order memory o = analysis();
        Terms memory wider = terms();
        wider.duo = 1;
        expectError(
            abi.encodeWithSelector(Errors.AccessEscrow_TermsMismatch.selector, o.termsHash, o.termsHash)
        );
        vm.prank(buyer);
        escrow.fund(o, wider, "", "");
    }

    function test_RevertWhen_OtherAgreementWasSigned() public {
        Order memory o = analysis();
        bytes32 expected = o.termsHash;
        Terms memory other = terms();
        other.agreement = keccak256("another agreement");
        o.termsHash = keccak256(abi.encode(other));
        fundReverts(
            o,
            abi.encodeWithSelector(Errors.AccessEscrow_TermsMismatch.selector, expected, o.termsHash)
        );
    }

    function denied(uint128 uses, DataUse.Reason reason) private {
        Order memory o = analysis();
        o.uses = uses;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_PurposeNotPermitted.selector, reason));
    }

    function test_RevertWhen_UseIsCommercial() public {
        denied(HEALTH | (1 << 6), DataUse.Reason.CommercialUse);
    }

    function test_RevertWhen_OrganisationIsForProfit() public {
        denied(HEALTH | (1 << 7), DataUse.Reason.ForProfitOrganisation);
    }

    function test_RevertWhen_PeopleAreIdentified() public {
        denied(HEALTH | (1 << 8), DataUse.Reason.Reidentification);
    }

    function test_RevertWhen_NoUseIsDeclared() public {
        denied(0, DataUse.Reason.NoUseDeclared);
    }

    function test_RevertWhen_UseIsUnknown() public {
        denied(HEALTH | (1 << 13), DataUse.Reason.UnknownUse);
    }

    function test_RevertWhen_UseIsCare() public {
        denied(1 << 5, DataUse.Reason.CareNotPermitted);
    }

    function outOfRange(uint256 deliverBy) private {
        Order memory o = analysis();
        o.deliverBy = uint40(deliverBy);
        fundReverts(
            o,
            abi.encodeWithSelector(
                Errors.AccessEscrow_DeadlineOutOfRange.selector,
                deliverBy,
                block.timestamp + MIN_DELIVERY,
                block.timestamp + MAX_DELIVERY
            )
        );
    }

    function test_RevertWhen_DeadlineTooNear() public {
        outOfRange(block.timestamp + MIN_DELIVERY - 1);
        outOfRange(0);
    }

    function test_RevertWhen_DeadlineTooFar() public {
        outOfRange(block.timestamp + MAX_DELIVERY + 1);
        outOfRange(type(uint40).max);
    }

    function test_WhenDeadlineIsAtEitherEnd() public {
        Order memory o = analysis();
        o.deliverBy = uint40(block.timestamp + MIN_DELIVERY);
        fund(o);
        o.deliverBy = uint40(block.timestamp + MAX_DELIVERY);
        fund(o);
    }

    function test_RevertWhen_DisputeWindowDiffers() public {
        Order memory o = analysis();
        o.disputeWindow = 0;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_WindowMismatch.selector));
    }

    function test_RevertWhen_ReportWindowDiffers() public {
        Order memory o = analysis();
        o.reportWindow = type(uint32).max;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_WindowMismatch.selector));
    }

    function test_RevertWhen_RecipientKeyIsZero() public {
        Order memory o = analysis();
        o.recipientKey = 0;
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_RecipientKeyZero.selector));
    }

    /*//////////////////////////////////////////////////////////////
                                SUCCESS
    //////////////////////////////////////////////////////////////*/

    function test_Funds() public {
        Order memory o = analysis();
        uint256 before = dollar.balanceOf(buyer);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderFunded(idOf(o), buyer, dataset, o, FEE_BPS, 2_500_000);
        bytes32 id = fund(o);
        assertEq(id, idOf(o));
        OrderStatus memory status = escrow.statusOf(id);
        assertEq(uint256(status.state), uint256(OrderState.Funded));
        assertEq(status.feeBps, FEE_BPS);
        assertEq(status.changedAt, block.timestamp);
        assertEq(status.reported, false);
        assertEq(status.cohort, 0);
        assertEq(status.released, 0);
        // 100 dollars and 2.5 % of them, in millionths.
        assertEq(dollar.balanceOf(address(escrow)), 102_500_000);
        assertEq(before - dollar.balanceOf(buyer), 102_500_000);
    }

    /// @dev The id commits to every member of the order: a change of any word gives another id.
    function test_IdCommitsToEveryMember(uint256 member, uint256 change) public view {
        Order memory o = analysis();
        bytes32 id = idOf(o);
        bytes memory words = abi.encode(o);
        member = bound(member, 0, words.length / 32 - 1);
        // One bit of the lowest byte keeps every type in range, enum included (1 ↔ 0).
        change = 1;
        uint256 offset = 32 + 32 * member;
        assembly ("memory-safe") {
            let place := add(words, offset)
            mstore(place, xor(mload(place), change))
        }
        assertTrue(escrow.hashOrder(abi.decode(words, (Order))) != id);
    }

    function testFuzz_MoneyIn(uint80 price, uint16 bps) public {
        price = uint80(bound(price, 0, 1e15));
        bps = uint16(bound(bps, 0, 1_000));
        vm.prank(curator);
        assets.setPrice(dataset, price);
        vm.prank(timelock);
        escrow.setFee(bps);
        dollar.mint(buyer, 2e15);
        fund(analysis());
        assertEq(dollar.balanceOf(address(escrow)), uint256(price) + (uint256(price) * bps) / 10_000);
    }

    function listWithModes(uint8 modes) private returns (uint256) {
        return listAs(curator, withModes(modes), version());
    }
}
