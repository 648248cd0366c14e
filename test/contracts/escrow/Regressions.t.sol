// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Failure, Order, OrderKind, OrderState, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice Known ways in which markets like this one were broken, one test each, named after the way. Others have theirs
/// beside the step they belong to: see `FundTest`, `FundMoneyTest`, `PaybackTest`, `PaybackHookTest`, `DisputeTest`.
contract OrderRegressions is EscrowTest {
    function test_ReplayOfAnOrderAcrossSalts() public {
        Order memory o = analysis();
        bytes memory signed_ = signature(BUYER_KEY, idOf(o));
        escrow.fund(o, terms(), "", signed_);
        // The nonce of an order is its salt: the same signature buys nothing a second time, nor an order beside it.
        expectError(wrongState(o, OrderState.Funded));
        escrow.fund(o, terms(), "", signed_);
        o.salt = bytes32("another");
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_NotBuyer.selector, idOf(o)));
        vm.prank(stranger);
        escrow.fund(o, terms(), "", signed_);
    }

    function test_ReplayOfAReceiptAcrossOrders() public {
        Order memory first = delivered(analysis());
        Receipt memory r = receipt(first);
        Order memory second = funded(order(OrderKind.Analysis, bytes32("second")));
        deliverReverts(
            second,
            r,
            abi.encodeWithSelector(Errors.AccessEscrow_ReceiptMismatch.selector, idOf(second))
        );
    }

    function test_VersionAddedBetweenSigningAndFunding() public {
        Order memory o = analysis();
        bytes memory signed_ = signature(BUYER_KEY, idOf(o));
        vm.prank(curator);
        assets.addVersion(dataset, version());
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_VersionNotCurrent.selector, 2, 1));
        escrow.fund(o, terms(), "", signed_);
    }

    function test_PriceRaisedOrCutBetweenSigningAndFunding() public {
        Order memory o = analysis();
        bytes memory signed_ = signature(BUYER_KEY, idOf(o));
        vm.startPrank(curator);
        assets.setPrice(dataset, PRICE + 1);
        vm.stopPrank();
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_PriceMismatch.selector, PRICE + 1, PRICE));
        escrow.fund(o, terms(), "", signed_);
    }

    function test_FeeRaisedBetweenSigningAndFunding() public {
        Order memory o = analysis();
        o.maxFee = 2_500_000;
        bytes memory signed_ = signature(BUYER_KEY, idOf(o));
        vm.prank(timelock);
        escrow.setFee(251);
        expectError(
            abi.encodeWithSelector(Errors.AccessEscrow_FeeAboveMaximum.selector, 2_510_000, 2_500_000)
        );
        escrow.fund(o, terms(), "", signed_);
    }

    function test_ArbitratorReplacedBetweenSigningAndFunding() public {
        vm.prank(timelock);
        escrow.setArbitrator(address(0xA));
        Order memory o = analysis();
        o.arbitrator = address(0xA);
        bytes memory signed_ = signature(BUYER_KEY, idOf(o));
        vm.prank(timelock);
        escrow.setArbitrator(address(0xB));
        expectError(
            abi.encodeWithSelector(
                Errors.AccessEscrow_ArbitratorMismatch.selector,
                address(0xB),
                address(0xA)
            )
        );
        escrow.fund(o, terms(), "", signed_);
    }

    function test_TransferBetweenSigningAndFunding() public {
        Order memory o = analysis();
        bytes memory signed_ = signature(BUYER_KEY, idOf(o));
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_AssetNotListed.selector, dataset));
        escrow.fund(o, terms(), "", signed_);
    }

    function test_FailureSignedAfterDelivery() public {
        Order memory o = delivered(analysis());
        Failure memory f = failure(o);
        expectError(wrongState(o, OrderState.Delivered));
        escrow.fail(o, f, signed(f, 1, 2));
    }

    /// @dev Signed while the order was open, kept back until the result had left.
    function test_FailureKeptBackUntilTheDataLeft() public {
        Order memory o = funded(analysis());
        Failure memory f = failure(o);
        Receipt memory r = receipt(o);
        escrow.deliver(o, r, signed(r, 1, 2));
        expectError(wrongState(o, OrderState.Delivered));
        escrow.fail(o, f, signed(f, 1, 2));
    }

    function test_RefundAfterTheDataLeft() public {
        Order memory o = delivered(analysis());
        vm.prank(operator(1));
        assets.delist(dataset);
        vm.warp(uint256(o.deliverBy) + 1_000);
        expectError(wrongState(o, OrderState.Delivered));
        escrow.refund(o);
        escrow.settle(o);
        assertEq(payouts.creditOf(address(dollar), operator(1)), 20e6);
    }

    /// @dev A vote shrinks the signers of open orders and nothing else: with too few, time gives the money back.
    function test_GatewayRemovedInMidOrder() public {
        Order memory o = funded(analysis());
        vm.startPrank(timelock);
        gateways.remove(2);
        Receipt memory r = receipt(o);
        vm.stopPrank();
        deliverReverts(
            o,
            r,
            signed(r, 1, 2),
            abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 2)
        );
        // Two of three are left: the order still delivers.
        uint256 state = vm.snapshotState();
        escrow.deliver(o, r, signed(r, 1, 3));
        assertState(o, OrderState.Delivered);
        vm.revertToState(state);
        vm.prank(timelock);
        gateways.remove(3);
        deliverReverts(
            o,
            r,
            signatures(Digests.receipt(r, address(escrow)), 1, 0),
            abi.encodeWithSelector(Errors.AccessEscrow_TooFewSigners.selector, 2, 1)
        );
        vm.warp(uint256(o.deliverBy) + 1);
        escrow.refund(o);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
    }

    /// @dev Two orders of one buyer end in one transaction (here: one call from one contract), each to the unit.
    function test_SeveralOrdersEndInOneTransaction() public {
        Order memory a = delivered(analysis());
        Order memory b = delivered(order(OrderKind.Analysis, bytes32("b")));
        Order memory c = funded(order(OrderKind.Analysis, bytes32("c")));
        vm.warp(uint256(c.deliverBy) + 1);
        this.endAll(a, b, c);
        assertEq(payouts.creditOf(address(dollar), operator(1)), 40e6);
        assertEq(payouts.potOf(address(dollar), bytes32(dataset)), 140e6);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6 - 2 * 102_500_000);
        assertEq(dollar.balanceOf(address(escrow)), 0);
    }

    function endAll(Order calldata a, Order calldata b, Order calldata c) external {
        escrow.settle(a);
        escrow.settle(b);
        escrow.refund(c);
    }
}
