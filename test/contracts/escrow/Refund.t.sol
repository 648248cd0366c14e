// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    Failure,
    GatewaySignature,
    Order,
    OrderKind,
    OrderState
} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {EscrowTest} from "./EscrowTest.sol";

contract FailTest is EscrowTest {
    Order internal o;
    Failure internal f;

    function setUp() public override {
        super.setUp();
        o = funded(analysis());
        f = failure(o);
    }

    function reverts(GatewaySignature[] memory s, bytes memory err) private {
        expectError(err);
        escrow.fail(o, f, s);
    }

    function test_RevertGiven_Delivered() public {
        deliver(o);
        reverts(signed(f, 1, 2), wrongState(o, OrderState.Delivered));
    }

    function test_RevertGiven_AlreadyFailed() public {
        fail(o);
        reverts(signed(f, 1, 2), wrongState(o, OrderState.Refunded));
    }

    function test_RevertWhen_ForAnotherOrder() public {
        f.order = keccak256("another");
        reverts(
            signed(f, 1, 2),
            abi.encodeWithSelector(Errors.AccessEscrow_ReceiptMismatch.selector, idOf(o))
        );
    }

    function test_RevertWhen_OneCosignerAloneSigns() public {
        reverts(signed(f, 2, 0), abi.encodeWithSelector(Errors.AccessEscrow_TooFewSigners.selector, 2, 1));
    }

    function test_RevertWhen_NobodySigns() public {
        reverts(
            new GatewaySignature[](0),
            abi.encodeWithSelector(Errors.AccessEscrow_TooFewSigners.selector, 2, 0)
        );
    }

    function test_RevertWhen_ReceiptSignatureIsUsed() public {
        // A gateway's word on a receipt is no word on a failure.
        GatewaySignature[] memory s = signatures(Digests.receipt(receipt(o), address(escrow)), 1, 2);
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 1));
    }

    function test_WhenExecutorAloneSigns() public {
        uint16[] memory signers = new uint16[](1);
        signers[0] = 1;
        GatewaySignature[] memory s = signed(f, 1, 0);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderFailed(idOf(o), 7, f.detail, signers);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderRefunded(idOf(o), dataset, IAccessEscrow.RefundReason.Failed, 102_500_000);
        vm.prank(stranger);
        escrow.fail(o, f, s);
        assertState(o, OrderState.Refunded);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
        assertEq(dollar.balanceOf(address(escrow)), 0);
    }

    function test_WhenThresholdSignsWithoutExecutor() public {
        escrow.fail(o, f, signed(f, 2, 3));
        assertState(o, OrderState.Refunded);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
    }
}

contract RefundTest is EscrowTest {
    function refundReverts(Order memory o, bytes memory err) private {
        expectError(err);
        escrow.refund(o);
    }

    function refunds(Order memory o, IAccessEscrow.RefundReason reason) private {
        uint256 before = dollar.balanceOf(buyer);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderRefunded(idOf(o), o.asset, reason, 102_500_000);
        vm.prank(stranger);
        escrow.refund(o);
        assertState(o, OrderState.Refunded);
        assertEq(dollar.balanceOf(buyer) - before, 102_500_000);
        assertEq(escrow.statusOf(idOf(o)).changedAt, block.timestamp);
    }

    function test_RevertGiven_BeforeTheDeadline() public {
        Order memory o = funded(analysis());
        refundReverts(o, tooEarly(o, uint256(o.deliverBy) + 1));
        vm.warp(o.deliverBy);
        refundReverts(o, tooEarly(o, uint256(o.deliverBy) + 1));
    }

    function test_GivenExpired() public {
        Order memory o = funded(analysis());
        vm.warp(o.deliverBy + 1);
        refunds(o, IAccessEscrow.RefundReason.Expired);
    }

    function test_GivenDelistedByCurator() public {
        Order memory o = funded(analysis());
        vm.prank(curator);
        assets.delist(dataset);
        refunds(o, IAccessEscrow.RefundReason.Delisted);
    }

    function test_GivenDelistedByCustodian() public {
        Order memory o = funded(analysis());
        vm.prank(operator(1));
        assets.delist(dataset);
        refunds(o, IAccessEscrow.RefundReason.Delisted);
    }

    function test_RevertGiven_FrozenOnly() public {
        Order memory o = funded(analysis());
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        refundReverts(o, tooEarly(o, uint256(o.deliverBy) + 1));
    }

    function test_RevertGiven_DeliveredAnalysisOnDelistedAsset() public {
        // The result left: a delisting does not take the money back.
        Order memory o = delivered(analysis());
        vm.prank(curator);
        assets.delist(dataset);
        vm.warp(block.timestamp + 1_000);
        refundReverts(o, wrongState(o, OrderState.Delivered));
    }

    function test_RevertGiven_ReportedDownload() public {
        Order memory o = delivered(download());
        report(o, 1);
        vm.warp(block.timestamp + REPORT + 1);
        refundReverts(o, wrongState(o, OrderState.Delivered));
    }

    function test_RevertGiven_DownloadWithinReportWindow() public {
        Order memory o = delivered(download());
        uint256 end = block.timestamp + REPORT;
        vm.warp(end);
        refundReverts(o, tooEarly(o, end + 1));
    }

    function test_GivenDownloadNotReported() public {
        Order memory o = delivered(download());
        vm.warp(block.timestamp + REPORT + 1);
        refunds(o, IAccessEscrow.RefundReason.NotReported);
    }

    function test_GivenFeeChanged() public {
        Order memory o = funded(analysis());
        vm.prank(timelock);
        escrow.setFee(0);
        vm.warp(o.deliverBy + 1);
        refunds(o, IAccessEscrow.RefundReason.Expired);
    }

    function test_GivenEveryGatewayRemoved() public {
        Order memory o = funded(analysis());
        vm.startPrank(timelock);
        for (uint16 i = 1; i <= 3; ++i) gateways.remove(i);
        vm.stopPrank();
        vm.warp(o.deliverBy + 1);
        refunds(o, IAccessEscrow.RefundReason.Expired);
    }
}
