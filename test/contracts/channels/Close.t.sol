// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IUsageChannel} from "../../../contracts/interfaces/IUsageChannel.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Channel, ChannelState, Voucher} from "../../../contracts/types/ChannelTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ChannelTest} from "./ChannelTest.sol";

contract CloseTest is ChannelTest {
    function invalid(address who) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.UsageChannel_SignatureInvalid.selector, who);
    }

    function request(Channel memory c) private {
        vm.prank(clinic);
        channels.requestClose(c, "");
    }

    /*//////////////////////////////////////////////////////////////
                              COOPERATIVE
    //////////////////////////////////////////////////////////////*/

    function test_Close_RevertWhen_TheCustodianDidNotAgree() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        bytes[4] memory wrong = [
            bytes(""),
            closing(c, 3e6, CLINIC_KEY),
            closing(c, 2e6, SIGNER_KEY + 1),
            closing(c, 3e6, SIGNER_KEY + 2)
        ];
        for (uint256 i = 0; i < 4; ++i) {
            expectError(invalid(operator(1)));
            vm.prank(clinic);
            channels.close(c, v, s, wrong[i]);
        }
        Channel memory other = channel();
        other.salt = bytes32("other");
        bytes memory elsewhere = closing(other, 3e6, SIGNER_KEY + 1);
        expectError(invalid(operator(1)));
        vm.prank(clinic);
        channels.close(c, v, s, elsewhere);
    }

    function test_Close_RevertWhen_BelowWhatWasClaimed() public {
        Channel memory c = opened();
        claim(c, 2, 6e6);
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        expectError(abi.encodeWithSelector(Errors.UsageChannel_NothingNew.selector, 6e6, 3e6));
        vm.prank(operator(1));
        channels.close(c, v, s, "");
    }

    function test_Close_RevertWhen_ThePayerDidNotSignTheAmount() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(voucher(c, 1, 2e6));
        expectError(invalid(clinic));
        vm.prank(operator(1));
        channels.close(c, v, s, "");
    }

    function test_Close_RevertGiven_Closed() public {
        Channel memory c = opened();
        vm.startPrank(operator(1));
        channels.close(c, voucher(c, 0, 0), "", "");
        bytes4 err = Errors.UsageChannel_WrongState.selector;
        expectError(abi.encodeWithSelector(err, idOf(c), ChannelState.Closed));
        channels.close(c, voucher(c, 0, 0), "", "");
        vm.stopPrank();
    }

    function test_Closes_ByAnyoneWithBothSignatures() public {
        Channel memory c = opened();
        claim(c, 1, 3e6);
        Voucher memory v = voucher(c, 3, 10e6);
        bytes memory payers = signedVoucher(v);
        bytes memory custodians = closing(c, 10e6, SIGNER_KEY + 1);
        uint256 before = dollar.balanceOf(clinic);
        vm.expectEmit(address(channels));
        emit IUsageChannel.ChannelClosed(idOf(c), 10e6, DEPOSIT - 10_250_000);
        vm.prank(stranger);
        channels.close(c, v, payers, custodians);
        assertEq(dollar.balanceOf(clinic) - before, DEPOSIT - 10_250_000);
        assertEq(dollar.balanceOf(address(channels)), 0);
        assertState(c, ChannelState.Closed);
    }

    /// @dev The operator's signature counts as the signer's does; with nothing new, no voucher is needed.
    function test_Closes_AtWhatWasClaimed() public {
        Channel memory c = opened();
        claim(c, 1, 3e6);
        bytes memory custodians = closing(c, 3e6, OPERATOR_KEY + 1);
        vm.prank(clinic);
        channels.close(c, voucher(c, 0, 3e6), "", custodians);
        assertState(c, ChannelState.Closed);
        assertEq(dollar.balanceOf(clinic), 1_000e6 - 3_075_000);
    }

    /*//////////////////////////////////////////////////////////////
                               UNILATERAL
    //////////////////////////////////////////////////////////////*/

    function test_RequestClose_RevertWhen_ThePayerDidNotAsk() public {
        Channel memory c = opened();
        address[3] memory others = [stranger, operator(1), timelock];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(invalid(clinic));
            vm.prank(others[i]);
            channels.requestClose(c, "");
        }
    }

    function test_RequestClose_RevertGiven_RequestedBefore() public {
        Channel memory c = opened();
        request(c);
        uint40 closesAt = uint40(block.timestamp) + CLOSE_WINDOW;
        vm.warp(block.timestamp + 100);
        expectError(abi.encodeWithSelector(Errors.UsageChannel_Closing.selector, idOf(c), closesAt));
        request(c);
    }

    function test_RequestsClose_BySignature() public {
        Channel memory c = opened();
        bytes memory s = signature(CLINIC_KEY, Digests.closeRequest(idOf(c), address(channels)));
        vm.expectEmit(address(channels));
        emit IUsageChannel.ChannelCloseRequested(idOf(c), uint40(block.timestamp) + CLOSE_WINDOW);
        vm.prank(stranger);
        channels.requestClose(c, s);
        assertEq(statusOf(c).closesAt, block.timestamp + CLOSE_WINDOW);
    }

    function test_FinishClose_RevertGiven_NotRequested() public {
        Channel memory c = opened();
        expectError(abi.encodeWithSelector(Errors.UsageChannel_CloseNotRequested.selector, idOf(c)));
        channels.finishClose(c);
    }

    function test_FinishClose_RevertWhen_TooEarly() public {
        Channel memory c = opened();
        request(c);
        uint256 opensAt = block.timestamp + CLOSE_WINDOW;
        vm.warp(opensAt - 1);
        expectError(abi.encodeWithSelector(Errors.UsageChannel_TooEarly.selector, idOf(c), opensAt));
        channels.finishClose(c);
    }

    function test_FinishesClose() public {
        Channel memory c = opened();
        request(c);
        vm.warp(block.timestamp + CLOSE_WINDOW);
        vm.prank(stranger);
        channels.finishClose(c);
        assertEq(dollar.balanceOf(clinic), 1_000e6);
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        bytes4 err = Errors.UsageChannel_WrongState.selector;
        expectError(abi.encodeWithSelector(err, idOf(c), ChannelState.Closed));
        vm.prank(operator(1));
        channels.claim(c, v, s);
    }

    /*//////////////////////////////////////////////////////////////
                            FRONT-RUN CLOSES
    //////////////////////////////////////////////////////////////*/

    /// @dev The payer sees the claim coming and asks to close first: the claim pays all the same.
    function test_Regression_PayerFrontRunsAClaimByAskingToClose() public {
        Channel memory c = opened();
        request(c);
        claim(c, 1, 10e6);
        vm.warp(block.timestamp + CLOSE_WINDOW);
        // Also after the window, as long as nobody has closed.
        claim(c, 2, 20e6);
        channels.finishClose(c);
        assertEq(dollar.balanceOf(clinic), 1_000e6 - 20_500_000);
    }

    /// @dev The custodian sees a close at 3 coming and claims an older voucher of 6: the close at 3 is void, nothing is
    /// paid that was not signed, and both agree anew.
    function test_Regression_CustodianFrontRunsAClose() public {
        Channel memory c = opened();
        bytes memory custodians = closing(c, 3e6, SIGNER_KEY + 1);
        claim(c, 2, 6e6);
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        expectError(abi.encodeWithSelector(Errors.UsageChannel_NothingNew.selector, 6e6, 3e6));
        vm.prank(clinic);
        channels.close(c, v, s, custodians);
        assertState(c, ChannelState.Open);
        custodians = closing(c, 6e6, SIGNER_KEY + 1);
        vm.prank(clinic);
        channels.close(c, voucher(c, 0, 6e6), "", custodians);
        assertEq(dollar.balanceOf(clinic), 1_000e6 - 6_150_000);
    }

    /// @dev Somebody else takes both signatures from the mempool: the outcome is the same.
    function test_Regression_StrangerFrontRunsAClose() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        bytes memory custodians = closing(c, 3e6, SIGNER_KEY + 1);
        vm.prank(stranger);
        channels.close(c, v, s, custodians);
        assertEq(dollar.balanceOf(clinic), 1_000e6 - 3_075_000);
        assertEq(dollar.balanceOf(stranger), 0);
    }
}
