// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IUsageChannel} from "../../../contracts/interfaces/IUsageChannel.sol";
import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    Channel,
    ChannelState,
    ChannelStatus,
    CloseRequest,
    Closing,
    UsageReceipt,
    Voucher
} from "../../../contracts/types/ChannelTypes.sol";
import {Terms} from "../../../contracts/types/DataUseTypes.sol";
import {PermitInput} from "../../../contracts/types/OrderTypes.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {Digests} from "../support/Digests.sol";
import {ChannelTest} from "./ChannelTest.sol";

contract OpenChannelTest is ChannelTest {
    function reverts(Channel memory c, bytes memory err) private {
        expectError(err);
        vm.prank(clinic);
        channels.open(c, terms(), "", "");
    }

    function invalid(address signer_) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.UsageChannel_SignatureInvalid.selector, signer_);
    }

    function test_Open_RevertWhen_ThePayerDidNotSign() public {
        Channel memory c = channel();
        bytes memory others = signature(BUYER_KEY, idOf(c));
        expectError(invalid(clinic));
        vm.prank(stranger);
        channels.open(c, terms(), "", others);
        // A signature over another deposit, then over another contract's id.
        bytes memory s = signature(CLINIC_KEY, idOf(c));
        c.deposit += 1;
        expectError(invalid(clinic));
        channels.open(c, terms(), "", s);
        c.deposit -= 1;
        s = signature(CLINIC_KEY, Digests.channel(c, address(escrow)));
        expectError(invalid(clinic));
        channels.open(c, terms(), "", s);
    }

    function test_Open_RevertGiven_OpenedBefore() public {
        Channel memory c = opened();
        bytes4 err = Errors.UsageChannel_WrongState.selector;
        reverts(c, abi.encodeWithSelector(err, idOf(c), ChannelState.Open));
        vm.prank(operator(1));
        channels.close(c, voucher(c, 0, 0), "", "");
        reverts(c, abi.encodeWithSelector(err, idOf(c), ChannelState.Closed));
    }

    function test_Open_RevertGiven_TheAssetIsNotForUse() public {
        Channel memory c = channel();
        c.asset = dataset;
        reverts(c, abi.encodeWithSelector(Errors.UsageChannel_NotForUse.selector, dataset));
        c = channel();
        vm.prank(buyer);
        assets.delist(model);
        reverts(c, abi.encodeWithSelector(Errors.UsageChannel_NotForUse.selector, model));
    }

    function test_Open_RevertWhen_NotTheModelsConfiguration() public {
        bytes memory err = abi.encodeWithSelector(Errors.UsageChannel_ConfigurationMismatch.selector, model);
        Channel memory c = channel();
        c.version = 2;
        reverts(c, err);
        c = channel();
        c.price -= 1;
        reverts(c, err);
        c = channel();
        c.token += 1;
        reverts(c, err);
        c = channel();
        c.custodian = 2;
        reverts(c, err);
        c = channel();
        c.custodianBps += 1;
        reverts(c, err);
        c = channel();
        c.curatorBps -= 1;
        reverts(c, err);
    }

    function test_Open_RevertWhen_TheFeeIsNotThePresentOne() public {
        Channel memory c = channel();
        vm.prank(timelock);
        escrow.setFee(FEE_BPS + 1);
        reverts(c, abi.encodeWithSelector(Errors.UsageChannel_FeeMismatch.selector, FEE_BPS + 1, FEE_BPS));
    }

    function test_Open_RevertWhen_TheEndHasPassed() public {
        Channel memory c = channel();
        c.until = uint40(block.timestamp);
        reverts(c, abi.encodeWithSelector(Errors.UsageChannel_EndPassed.selector, c.until));
    }

    function test_Open_RevertWhen_TheTermsAreOthers() public {
        Channel memory c = channel();
        bytes32 expected = c.termsHash;
        c.termsHash = keccak256("others");
        reverts(c, abi.encodeWithSelector(Errors.UsageChannel_TermsMismatch.selector, expected, c.termsHash));
        c = channel();
        Terms memory t = terms();
        t.agreement = keccak256("another agreement");
        expectError(abi.encodeWithSelector(Errors.UsageChannel_TermsMismatch.selector, expected, expected));
        vm.prank(clinic);
        channels.open(c, t, "", "");
    }

    function test_Open_RevertWhen_ThePurposeIsNotPermitted() public {
        Channel memory c = channel();
        c.uses = HEALTH | DataUse.COMMERCIAL;
        bytes4 err = Errors.UsageChannel_PurposeNotPermitted.selector;
        reverts(c, abi.encodeWithSelector(err, DataUse.Reason.CommercialUse));
    }

    function test_Opens() public {
        Channel memory c = channel();
        vm.expectEmit(address(channels));
        emit IUsageChannel.ChannelOpened(idOf(c), clinic, model, c);
        vm.prank(clinic);
        assertEq(channels.open(c, terms(), "", ""), idOf(c));
        ChannelStatus memory s = statusOf(c);
        assertEq(s.balance, DEPOSIT);
        assertEq(s.claimed, 0);
        assertEq(s.nonce, 0);
        assertEq(s.closesAt, 0);
        assertState(c, ChannelState.Open);
        assertEq(dollar.balanceOf(address(channels)), DEPOSIT);
        // Another salt is another channel.
        c.salt = bytes32("second");
        open(c);
        assertEq(dollar.balanceOf(address(channels)), 2 * uint256(DEPOSIT));
    }

    function test_Open_ByAnyoneWithThePayersSignature() public {
        Channel memory c = channel();
        bytes memory s = signature(CLINIC_KEY, idOf(c));
        vm.prank(stranger);
        channels.open(c, terms(), "", s);
        assertEq(statusOf(c).balance, DEPOSIT);
        assertEq(dollar.balanceOf(clinic), 1_000e6 - DEPOSIT);
    }

    function test_Open_GivenThePayerIsAContract() public {
        ContractAccount account = new ContractAccount(clinic);
        dollar.mint(address(account), DEPOSIT);
        account.call(address(dollar), abi.encodeCall(dollar.approve, (address(channels), type(uint256).max)));
        Channel memory c = channel();
        c.payer = address(account);
        bytes memory s = signature(CLINIC_KEY, idOf(c));
        channels.open(c, terms(), "", s);
        claim(c, 1, 7e6);
        assertEq(statusOf(c).claimed, 7e6);
        bytes memory request = signature(CLINIC_KEY, Digests.closeRequest(idOf(c), address(channels)));
        channels.requestClose(c, request);
        vm.warp(block.timestamp + CLOSE_WINDOW);
        channels.finishClose(c);
        assertEq(dollar.balanceOf(address(account)), DEPOSIT - 7e6 - 175_000);
    }

    function permit(address owner, uint256 key, uint256 value) private view returns (PermitInput memory p) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                owner,
                address(channels),
                value,
                dollar.nonces(owner),
                type(uint256).max
            )
        );
        bytes32 digest = Digests.typed(dollar.DOMAIN_SEPARATOR(), structHash);
        (p.value, p.deadline) = (value, type(uint256).max);
        (p.v, p.r, p.s) = vm.sign(key, digest);
    }

    function test_OpensWithPermit() public {
        vm.prank(clinic);
        dollar.approve(address(channels), 0);
        Channel memory c = channel();
        PermitInput memory p = permit(clinic, CLINIC_KEY, DEPOSIT);
        vm.prank(clinic);
        channels.openWithPermit(c, terms(), "", "", p);
        assertEq(statusOf(c).balance, DEPOSIT);
    }

    function test_OpenWithPermit_ByAnyoneWithThePayersSignature() public {
        Channel memory c = channel();
        PermitInput memory p = permit(clinic, CLINIC_KEY, DEPOSIT);
        bytes memory s = signature(CLINIC_KEY, idOf(c));
        vm.prank(stranger);
        channels.openWithPermit(c, terms(), "", s, p);
        assertEq(statusOf(c).balance, DEPOSIT);
    }

    function test_OpenWithPermit_RevertWhen_ThePayerDidNotSign() public {
        Channel memory c = channel();
        PermitInput memory p = permit(clinic, CLINIC_KEY, DEPOSIT);
        bytes memory s = signature(BUYER_KEY, idOf(c));
        expectError(invalid(clinic));
        vm.prank(stranger);
        channels.openWithPermit(c, terms(), "", s, p);
    }

    function test_OpenWithPermit_GivenThePermitWasUsedByAnother() public {
        vm.prank(clinic);
        dollar.approve(address(channels), 0);
        Channel memory c = channel();
        PermitInput memory p = permit(clinic, CLINIC_KEY, DEPOSIT);
        vm.prank(stranger);
        dollar.permit(clinic, address(channels), p.value, p.deadline, p.v, p.r, p.s);
        vm.prank(clinic);
        channels.openWithPermit(c, terms(), "", "", p);
        assertEq(statusOf(c).balance, DEPOSIT);
    }

    /*//////////////////////////////////////////////////////////////
                                 TOP UP
    //////////////////////////////////////////////////////////////*/

    function test_TopUp_RevertGiven_NotOpen() public {
        Channel memory c = channel();
        bytes4 err = Errors.UsageChannel_WrongState.selector;
        expectError(abi.encodeWithSelector(err, idOf(c), ChannelState.None));
        channels.topUp(c, 1);
        open(c);
        vm.prank(operator(1));
        channels.close(c, voucher(c, 0, 0), "", "");
        expectError(abi.encodeWithSelector(err, idOf(c), ChannelState.Closed));
        channels.topUp(c, 1);
    }

    function test_TopUp_RevertGiven_ACloseWasRequested() public {
        Channel memory c = opened();
        vm.prank(clinic);
        channels.requestClose(c, "");
        uint40 closesAt = uint40(block.timestamp) + CLOSE_WINDOW;
        expectError(abi.encodeWithSelector(Errors.UsageChannel_Closing.selector, idOf(c), closesAt));
        vm.prank(clinic);
        channels.topUp(c, 1);
    }

    function test_TopUp_RevertWhen_TheBalanceWouldOverflow() public {
        Channel memory c = opened();
        expectError(abi.encodeWithSignature("Panic(uint256)", 0x11));
        vm.prank(clinic);
        channels.topUp(c, type(uint88).max);
    }

    function test_TopsUp() public {
        Channel memory c = opened();
        dollar.mint(stranger, 50);
        vm.prank(stranger);
        dollar.approve(address(channels), 50);
        vm.expectEmit(address(channels));
        emit IUsageChannel.ChannelToppedUp(idOf(c), stranger, 50, DEPOSIT + 50);
        vm.prank(stranger);
        channels.topUp(c, 50);
        assertEq(statusOf(c).balance, DEPOSIT + 50);
        assertEq(dollar.balanceOf(stranger), 0);
    }

    function test_TopsUpWithPermit() public {
        Channel memory c = opened();
        vm.prank(clinic);
        dollar.approve(address(channels), 0);
        PermitInput memory p = permit(clinic, CLINIC_KEY, 50);
        vm.prank(clinic);
        channels.topUpWithPermit(c, 50, p);
        assertEq(statusOf(c).balance, DEPOSIT + 50);
    }

    /*//////////////////////////////////////////////////////////////
                              WHAT IS SIGNED
    //////////////////////////////////////////////////////////////*/

    function test_Hashes_AreWhatAWalletSigns() public view {
        Channel memory c = channel();
        bytes32 id = idOf(c);
        address at = address(channels);
        assertEq(channels.hashChannel(c), id);
        assertEq(channels.hashVoucher(Voucher(id, 3, 9)), Digests.voucher(Voucher(id, 3, 9), at));
        assertEq(channels.hashClosing(Closing(id, 9)), Digests.closing(id, 9, at));
        assertEq(channels.hashCloseRequest(CloseRequest(id)), Digests.closeRequest(id, at));
        UsageReceipt memory r = UsageReceipt(id, 3, MODEL_FILE, keccak256("input"), keccak256("output"));
        assertEq(channels.hashUsageReceipt(r), Digests.usageReceipt(r, at));
        bytes32 domain = Digests.domain("Salus UsageChannel", at);
        assertEq(id, Digests.typed(domain, vm.eip712HashStruct("Channel", abi.encode(c))));
        bytes memory v = abi.encode(Voucher(id, 3, 9));
        assertEq(
            channels.hashVoucher(Voucher(id, 3, 9)),
            Digests.typed(domain, vm.eip712HashStruct("Voucher", v))
        );
    }
}
