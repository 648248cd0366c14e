// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IUsageChannel} from "../../../contracts/interfaces/IUsageChannel.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Channel, ChannelState, ChannelStatus, Voucher} from "../../../contracts/types/ChannelTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ChannelTest} from "./ChannelTest.sol";

contract ClaimTest is ChannelTest {
    function refused(Channel memory c, Voucher memory v, bytes memory s, bytes memory err) private {
        expectError(err);
        vm.prank(operator(1));
        channels.claim(c, v, s);
    }

    function invalid() private view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.UsageChannel_SignatureInvalid.selector, clinic);
    }

    function test_Claim_RevertWhen_CallerIsNotTheCustodian() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        address[5] memory others = [clinic, buyer, operator(2), timelock, stranger];
        for (uint256 i = 0; i < 5; ++i) {
            expectError(abi.encodeWithSelector(Errors.UsageChannel_NotCustodian.selector, 1, others[i]));
            vm.prank(others[i]);
            channels.claim(c, v, s);
        }
    }

    function test_Claim_RevertGiven_NotOpen() public {
        Channel memory c = channel();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes4 err = Errors.UsageChannel_WrongState.selector;
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, idOf(c), ChannelState.None));
        open(c);
        vm.prank(operator(1));
        channels.close(c, voucher(c, 0, 0), "", "");
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, idOf(c), ChannelState.Closed));
    }

    /*//////////////////////////////////////////////////////////////
                           REPLAYED VOUCHERS
    //////////////////////////////////////////////////////////////*/

    function test_Regression_VoucherReplayedOnAnotherChannel() public {
        Channel memory c = opened();
        Channel memory other = channel();
        other.salt = bytes32("other");
        open(other);
        Voucher memory v = voucher(other, 1, 3e6);
        bytes memory s = signedVoucher(v);
        bytes4 err = Errors.UsageChannel_OtherChannel.selector;
        refused(c, v, s, abi.encodeWithSelector(err, idOf(c), idOf(other)));
        // Renamed to this channel, it is no longer what the payer signed.
        v.channel = idOf(c);
        refused(c, v, s, invalid());
    }

    function test_Regression_VoucherReplayedOnAnotherContract() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signature(CLINIC_KEY, Digests.voucher(v, address(escrow)));
        refused(c, v, s, invalid());
    }

    function test_Regression_VoucherReplayedOnAnotherChain() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        vm.chainId(777);
        bytes memory s = signedVoucher(v);
        vm.chainId(31337);
        refused(c, v, s, invalid());
        // And on the other chain the channel has another id: there is no such channel.
        vm.chainId(777);
        bytes32 there = idOf(c);
        v = Voucher(there, 1, 3e6);
        s = signedVoucher(v);
        bytes4 err = Errors.UsageChannel_WrongState.selector;
        refused(c, v, s, abi.encodeWithSelector(err, there, ChannelState.None));
    }

    function test_Regression_VoucherClaimedTwice() public {
        Channel memory c = opened();
        claim(c, 1, 3e6);
        Voucher memory v = voucher(c, 1, 3e6);
        bytes4 err = Errors.UsageChannel_NothingNew.selector;
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, 3e6, 3e6));
    }

    function test_Regression_LowerVoucherAfterHigher() public {
        Channel memory c = opened();
        claim(c, 3, 9e6);
        bytes4 err = Errors.UsageChannel_NothingNew.selector;
        Voucher memory v = voucher(c, 2, 6e6);
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, 9e6, 6e6));
        // Nor does a higher nonce make a lower amount newer.
        v = voucher(c, 4, 6e6);
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, 9e6, 6e6));
        assertEq(statusOf(c).claimed, 9e6);
    }

    function test_Claim_RevertWhen_TheNonceDoesNotRise() public {
        Channel memory c = opened();
        claim(c, 3, 9e6);
        Voucher memory v = voucher(c, 3, 10e6);
        bytes4 err = Errors.UsageChannel_NonceNotRising.selector;
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, 3, 3));
        v = voucher(c, 2, 10e6);
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, 3, 2));
    }

    function testFuzz_Claim_RevertWhen_TheVoucherWasChanged(uint32 nonce, uint88 amount) public {
        Channel memory c = opened();
        bytes memory s = signedVoucher(voucher(c, 1, 3e6));
        nonce = uint32(bound(nonce, 1, type(uint32).max));
        amount = uint88(bound(amount, 1, 90e6));
        vm.assume(nonce != 1 || amount != 3e6);
        refused(c, voucher(c, nonce, amount), s, invalid());
    }

    function test_Claim_RevertWhen_AnotherSigned() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signature(OPERATOR_KEY + 1, Digests.voucher(v, address(channels)));
        refused(c, v, s, invalid());
        refused(c, v, "", invalid());
    }

    function test_Claim_RevertWhen_TheBalanceIsTooLow() public {
        Channel memory c = opened();
        // 97,560,977 and 2.5 % of it, rounded down, are one unit more than 100 dollars; one unit less fits exactly.
        Voucher memory v = voucher(c, 1, 97_560_977);
        bytes4 err = Errors.UsageChannel_BalanceTooLow.selector;
        refused(c, v, signedVoucher(v), abi.encodeWithSelector(err, DEPOSIT, 100_000_001));
        claim(c, 1, 97_560_976);
        assertEq(statusOf(c).balance, 0);
    }

    /*//////////////////////////////////////////////////////////////
                                 CLAIMS
    //////////////////////////////////////////////////////////////*/

    /// @dev By hand: 10 dollars are 2.00 for the custodian, 3.00 for the curator, 5.00 for the pot, 0.25 fee on top.
    function test_Claims() public {
        Channel memory c = opened();
        uint256 pot = potOfModel();
        (uint256 custodian, uint256 fees) = (creditOf(operator(1)), creditOf(commons));
        vm.expectEmit(address(channels));
        emit IUsageChannel.VoucherClaimed(
            idOf(c),
            model,
            4,
            10e6,
            5e6,
            2_000_000,
            3_000_000,
            250_000,
            DEPOSIT - 10_250_000
        );
        claim(c, 4, 10e6);
        assertEq(potOfModel() - pot, 5e6);
        assertEq(creditOf(operator(1)) - custodian, 2_000_000);
        assertEq(creditOf(buyer), 3_000_000);
        assertEq(creditOf(commons) - fees, 250_000);
        ChannelStatus memory s = statusOf(c);
        assertEq(s.balance, DEPOSIT - 10_250_000);
        assertEq(s.claimed, 10e6);
        assertEq(s.nonce, 4);
        assertEq(dollar.balanceOf(address(channels)), s.balance);
        // The latest voucher alone is needed: the next claim pays the difference.
        claim(c, 9, 14e6);
        assertEq(creditOf(buyer), 4_200_000);
        assertEq(statusOf(c).claimed, 14e6);
    }

    /// @dev What is claimed reaches the people whose data trained the model: half of the price in the model's lineage.
    function test_Claim_FlowsUpTheLineage() public {
        Channel memory c = opened();
        claim(c, 1, 10e6);
        uint256 pot = potOfModel();
        payouts.distribute(address(dollar), model, parentsOfModel());
        bytes32 contributors = keccak256(abi.encode(dataset, trainedOn));
        assertEq(payouts.potOf(address(dollar), contributors), pot);
        assertEq(pot, 5e6);
    }

    function test_Claim_BySignerOfTheCustodian() public {
        Channel memory c = opened();
        Voucher memory v = voucher(c, 1, 3e6);
        bytes memory s = signedVoucher(v);
        vm.prank(signer(1));
        channels.claim(c, v, s);
        assertEq(statusOf(c).claimed, 3e6);
    }

    function test_Claim_GivenTheCustodianWasRemoved() public {
        Channel memory c = opened();
        vm.prank(timelock);
        gateways.remove(1);
        claim(c, 1, 3e6);
        assertEq(statusOf(c).claimed, 3e6);
    }

    function test_Claim_GivenEverythingElseChanged() public {
        Channel memory c = opened();
        uint256 fees = creditOf(commons);
        vm.prank(timelock);
        escrow.setFee(1_000);
        vm.startPrank(buyer);
        assets.setPrice(model, 50e6);
        assets.delist(model);
        vm.stopPrank();
        claim(c, 1, 10e6);
        assertEq(creditOf(commons) - fees, 250_000);
        assertEq(creditOf(buyer), 3_000_000);
    }

    /// @dev However the calls are cut into claims, the payer pays the price and the floor of the fee on the whole.
    function testFuzz_Claim_ThePayerPaysTheSame(uint88[5] memory parts) public {
        Channel memory c = opened();
        uint88 amount = 0;
        uint32 nonce = 0;
        for (uint256 i = 0; i < 5; ++i) {
            uint88 part = uint88(bound(parts[i], 1, 19e6));
            amount += part;
            claim(c, ++nonce, amount);
        }
        assertEq(statusOf(c).balance, DEPOSIT - amount - (uint256(amount) * FEE_BPS) / 10_000);
        assertEq(dollar.balanceOf(address(channels)), statusOf(c).balance);
    }
}
