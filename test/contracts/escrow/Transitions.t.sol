// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    Failure,
    Order,
    OrderKind,
    OrderState,
    Receipt,
    ReleaseReport
} from "../../../contracts/types/OrderTypes.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice The edges that the machine must not have. Time is never the reason for a refusal here.
contract TransitionsTest is EscrowTest {
    Order internal o;

    function setUp() public override {
        super.setUp();
        o = download();
    }

    function test_FromNone() public {
        noDeliver();
        noReport();
        noSettle();
        noFail();
        vm.warp(block.timestamp + 1_000);
        noRefund();
    }

    function test_FromFunded() public {
        fund(o);
        noFund();
        noReport();
        noSettle();
    }

    function test_FromDelivered() public {
        delivered(o);
        noFund();
        noDeliver();
        noFail();
        report(o, 1);
        // Past the delivery deadline a delivered order is no expired one.
        vm.warp(o.deliverBy + 1);
        noRefund();
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
