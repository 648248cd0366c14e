// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    Failure,
    Order,
    OrderKind,
    OrderState,
    Receipt,
    ReleaseReport,
    Ruling
} from "../../../contracts/types/OrderTypes.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice The edges that the machine must not have. Time is never the reason for a refusal here.
contract TransitionsTest is EscrowTest {
    Order internal o;
    address internal judge = address(0x10D6E);

    function setUp() public override {
        super.setUp();
        vm.prank(timelock);
        escrow.setArbitrator(judge);
        o = download();
        o.arbitrator = judge;
    }

    function test_FromNone() public {
        noDeliver();
        noReport();
        noSettle();
        noAccept();
        noDispute();
        noRule();
        noFail();
        vm.warp(block.timestamp + 1_000);
        noRefund();
    }

    function test_FromFunded() public {
        fund(o);
        noFund();
        noReport();
        noSettle();
        noAccept();
        noDispute();
        noRule();
    }

    function test_FromDelivered() public {
        delivered(o);
        noFund();
        noDeliver();
        noFail();
        noRule();
        report(o, 1);
        noRule();
        // Past the delivery deadline a delivered order is no expired one.
        vm.warp(o.deliverBy + 1);
        noRefund();
    }

    function test_FromDisputed() public {
        delivered(o);
        report(o, 1);
        vm.prank(judge);
        escrow.dispute(o);
        noFund();
        noDeliver();
        noReport();
        noAccept();
        noDispute();
        noFail();
        noRefund();
        vm.warp(block.timestamp + 1_000_000);
        noRefund();
        assertState(o, OrderState.Disputed);
        escrow.settle(o);
        noneOfThem();
    }

    function test_FromRefundedByRuling() public {
        delivered(o);
        report(o, 1);
        vm.startPrank(judge);
        escrow.dispute(o);
        escrow.rule(o, Ruling.Refund);
        vm.stopPrank();
        noneOfThem();
    }

    function test_FromSettledByAcceptance() public {
        delivered(o);
        report(o, 1);
        vm.prank(buyer);
        escrow.accept(o, "");
        noneOfThem();
    }

    function test_FromSettled() public {
        settled(o);
        noneOfThem();
    }

    function test_FromRefundedByFailure() public {
        fund(o);
        fail(o);
        noneOfThem();
    }

    function test_FromRefundedByTime() public {
        fund(o);
        vm.warp(o.deliverBy + 1);
        escrow.refund(o);
        noneOfThem();
    }

    function test_FromRefundedWithoutReport() public {
        delivered(o);
        vm.warp(block.timestamp + REPORT + 1);
        escrow.refund(o);
        noneOfThem();
    }

    function noneOfThem() private {
        OrderState before = stateOf(o);
        uint256 held = dollar.balanceOf(address(escrow));
        noFund();
        noDeliver();
        noReport();
        noSettle();
        noAccept();
        noDispute();
        noRule();
        noFail();
        noRefund();
        vm.warp(block.timestamp + 1_000_000);
        noSettle();
        noRefund();
        assertState(o, before);
        assertEq(dollar.balanceOf(address(escrow)), held);
    }

    function noFund() private {
        fundReverts(o, wrongState(o, stateOf(o)));
    }

    function noDeliver() private {
        Receipt memory r = receipt(o);
        deliverReverts(o, r, wrongState(o, stateOf(o)));
    }

    function noReport() private {
        ReleaseReport memory r = releaseReport(o, 1);
        reportReverts(o, r, signed(r, 1, 2), wrongState(o, stateOf(o)));
    }

    function noSettle() private {
        expectError(wrongState(o, stateOf(o)));
        escrow.settle(o);
    }

    function noAccept() private {
        expectError(wrongState(o, stateOf(o)));
        vm.prank(buyer);
        escrow.accept(o, "");
    }

    function noDispute() private {
        expectError(wrongState(o, stateOf(o)));
        vm.prank(judge);
        escrow.dispute(o);
    }

    function noRule() private {
        expectError(wrongState(o, stateOf(o)));
        vm.prank(judge);
        escrow.rule(o, Ruling.Refund);
    }

    function noFail() private {
        Failure memory f = failure(o);
        expectError(wrongState(o, stateOf(o)));
        escrow.fail(o, f, signed(f, 1, 2));
    }

    function noRefund() private {
        expectError(wrongState(o, stateOf(o)));
        escrow.refund(o);
    }
}
