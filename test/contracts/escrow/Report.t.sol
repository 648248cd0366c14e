// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    GatewaySignature,
    Order,
    OrderKind,
    OrderState,
    OrderStatus,
    ReleaseReport
} from "../../../contracts/types/OrderTypes.sol";
import {EscrowTest} from "./EscrowTest.sol";

contract ReportTest is EscrowTest {
    Order internal o;
    ReleaseReport internal r;

    function setUp() public override {
        super.setUp();
        o = delivered(download());
        r = releaseReport(o, 45);
    }

    function reverts(bytes memory err) private {
        reportReverts(o, r, signed(r, 2, 3), err);
    }

    function test_RevertGiven_NotDelivered() public {
        o = funded(order(OrderKind.Download, bytes32("funded only")));
        r = releaseReport(o, 1);
        reverts(wrongState(o, OrderState.Funded));
    }

    function test_RevertGiven_NoDownload() public {
        o = delivered(analysis());
        r = releaseReport(o, 1);
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_WrongKind.selector, idOf(o), OrderKind.Analysis));
    }

    function test_RevertGiven_Reported() public {
        report(o, 10);
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_AlreadyReported.selector, idOf(o)));
    }

    function test_RevertGiven_WindowPassed() public {
        uint256 end = block.timestamp + REPORT;
        vm.warp(end + 1);
        reverts(tooLate(o, end));
    }

    function test_GivenLastSecond() public {
        vm.warp(block.timestamp + REPORT);
        escrow.report(o, r, signed(r, 2, 3));
        assertEq(escrow.statusOf(idOf(o)).released, 45);
    }

    function test_RevertWhen_ForAnotherOrder() public {
        r.order = keccak256("another");
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_ReceiptMismatch.selector, idOf(o)));
    }

    function test_RevertWhen_MoreThanTheCohort() public {
        r.count = COHORT + 1;
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_ReleaseAboveCohort.selector, COHORT, COHORT + 1));
        r.count = COHORT;
        escrow.report(o, r, signed(r, 2, 3));
        assertEq(escrow.statusOf(idOf(o)).released, COHORT);
    }

    function test_RevertWhen_TooFewSign() public {
        bytes memory err = abi.encodeWithSelector(Errors.AccessEscrow_TooFewSigners.selector, 2, 1);
        // Not even the executor alone.
        reportReverts(o, r, signed(r, 1, 0), err);
        reportReverts(
            o,
            r,
            new GatewaySignature[](0),
            abi.encodeWithSelector(Errors.AccessEscrow_TooFewSigners.selector, 2, 0)
        );
    }

    function test_RevertWhen_CountWasChanged() public {
        GatewaySignature[] memory s = signed(r, 2, 3);
        r.count = COHORT;
        reportReverts(o, r, s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 2));
    }

    function test_Reports() public {
        uint16[] memory signers = new uint16[](2);
        (signers[0], signers[1]) = (2, 3);
        GatewaySignature[] memory s = signed(r, 2, 3);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderReported(idOf(o), 45, r.root, signers);
        escrow.report(o, r, s);
        OrderStatus memory status = escrow.statusOf(idOf(o));
        assertEq(uint256(status.state), uint256(OrderState.Delivered));
        assertEq(status.reported, true);
        assertEq(status.released, 45);
    }

    function test_ReportsNothingReleased() public {
        r.count = 0;
        escrow.report(o, r, signed(r, 2, 3));
        assertEq(escrow.statusOf(idOf(o)).reported, true);
    }
}
