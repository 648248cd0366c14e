// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Payouts} from "../../../contracts/Payouts.sol";
import {ContributorRewards} from "../../../contracts/ContributorRewards.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {Credit, IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Parent} from "../../../contracts/types/AssetTypes.sol";
import {Lineage} from "../support/Lineage.sol";
import {Test} from "../support/Test.sol";
import {BlacklistToken, PlainToken} from "../support/Tokens.sol";

contract PayoutsTest is Test {
    uint256 private constant MODEL = 500;

    Payouts internal payouts;
    ContributorRewards internal rewards;
    Lineage internal lineage;
    PlainToken internal token;
    address internal alice = address(0xA11CE);
    address internal bob = address(0xB0B);

    function setUp() public {
        lineage = new Lineage();
        rewards = new ContributorRewards(
            IAssetRegistry(address(lineage)),
            IGatewayRegistry(address(0)),
            IConsentRegistry(address(0)),
            address(0),
            IContributorRewards.Windows(1, 1, 1, 1)
        );
        payouts = new Payouts(IAssetRegistry(address(lineage)), rewards);
        token = new PlainToken();
    }

    function credits(uint256 a, uint256 b) private view returns (Credit[] memory list) {
        list = new Credit[](2);
        list[0] = Credit(alice, a);
        list[1] = Credit(bob, b);
    }

    function pay(uint256 a, uint256 b, bytes32 key, uint256 potAmount) private {
        token.mint(address(payouts), a + b + potAmount);
        payouts.deposit(address(token), credits(a, b), key, potAmount, bytes32("order"));
    }

    function credit(address payee) private view returns (uint256) {
        return payouts.creditOf(address(token), payee);
    }

    function pot(bytes32 key) private view returns (uint256) {
        return payouts.potOf(address(token), key);
    }

    /*//////////////////////////////////////////////////////////////
                                DEPOSIT
    //////////////////////////////////////////////////////////////*/

    function test_Deposit_RevertWhen_NotBacked() public {
        token.mint(address(payouts), 59);
        expectError(abi.encodeWithSelector(Errors.Payouts_NotFunded.selector, 60, 59));
        payouts.deposit(address(token), credits(10, 20), bytes32("pot"), 30, 0);
    }

    function test_Deposit_RevertWhen_BackedByOthersMoney() public {
        pay(10, 20, bytes32("pot"), 30);
        expectError(abi.encodeWithSelector(Errors.Payouts_NotFunded.selector, 1, 0));
        payouts.deposit(address(token), credits(1, 0), 0, 0, 0);
    }

    function test_Deposits() public {
        token.mint(address(payouts), 60);
        vm.expectEmit(address(payouts));
        emit IPayouts.Credited(address(token), alice, bytes32("order"), address(this), 10);
        vm.expectEmit(address(payouts));
        emit IPayouts.Credited(address(token), bob, bytes32("order"), address(this), 20);
        vm.expectEmit(address(payouts));
        emit IPayouts.PotCredited(address(token), bytes32("pot"), bytes32("order"), address(this), 30);
        payouts.deposit(address(token), credits(10, 20), bytes32("pot"), 30, bytes32("order"));
        assertEq(credit(alice), 10);
        assertEq(credit(bob), 20);
        assertEq(pot(bytes32("pot")), 30);
        assertEq(payouts.heldOf(address(token)), 60);
    }

    function test_Deposit_OfNothingReportsNothing() public {
        vm.recordLogs();
        payouts.deposit(address(token), credits(0, 0), bytes32("pot"), 0, 0);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_Deposit_AddsUp() public {
        pay(10, 0, bytes32("pot"), 1);
        pay(5, 2, bytes32("pot"), 3);
        assertEq(credit(alice), 15);
        assertEq(credit(bob), 2);
        assertEq(pot(bytes32("pot")), 4);
        assertEq(payouts.heldOf(address(token)), 21);
    }

    /*//////////////////////////////////////////////////////////////
                                WITHDRAW
    //////////////////////////////////////////////////////////////*/

    function withdraw(address payee, address to) private returns (uint256) {
        vm.prank(payee);
        return payouts.withdraw(address(token), to);
    }

    function test_Withdraw_RevertWhen_ReceiverIsZero() public {
        pay(10, 0, 0, 0);
        expectError(abi.encodeWithSelector(Errors.Payouts_AddressZero.selector));
        withdraw(alice, address(0));
    }

    function test_Withdraw_RevertGiven_NothingOwed() public {
        pay(10, 0, bytes32(uint256(uint160(bob))), 5);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToWithdraw.selector, bob));
        withdraw(bob, bob);
    }

    function test_Withdraws() public {
        pay(10, 20, bytes32("pot"), 30);
        vm.expectEmit(address(payouts));
        emit IPayouts.Withdrawn(address(token), alice, address(0xF8E5), 10);
        assertEq(withdraw(alice, address(0xF8E5)), 10);
        assertEq(token.balanceOf(address(0xF8E5)), 10);
        assertEq(payouts.heldOf(address(token)), 50);
        assertEq(credit(bob), 20);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToWithdraw.selector, alice));
        withdraw(alice, alice);
    }

    function test_Withdraw_KeepsTokensApart() public {
        pay(10, 0, 0, 0);
        PlainToken other = new PlainToken();
        other.mint(address(payouts), 100);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToWithdraw.selector, alice));
        vm.prank(alice);
        payouts.withdraw(address(other), alice);
    }

    function test_Withdraw_GivenPayeeIsBlocked() public {
        BlacklistToken blocking = new BlacklistToken();
        token = PlainToken(address(blocking));
        pay(10, 0, 0, 0);
        blocking.setBlacklisted(alice, true);
        expectError(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, alice));
        withdraw(alice, alice);
        assertEq(credit(alice), 10);
        withdraw(alice, bob);
        assertEq(token.balanceOf(bob), 10);
    }

    function test_WithdrawFor_RevertGiven_NoRecipientIsNamed() public {
        pay(10, 0, 0, 0);
        expectError(abi.encodeWithSelector(Errors.Payouts_NoRecipient.selector, alice));
        payouts.withdrawFor(address(token), alice);
        vm.startPrank(alice);
        payouts.setRecipient(bob);
        payouts.setRecipient(address(0));
        vm.stopPrank();
        expectError(abi.encodeWithSelector(Errors.Payouts_NoRecipient.selector, alice));
        payouts.withdrawFor(address(token), alice);
    }

    function test_WithdrawFor_PaysTheRecipientWhoeverCalls() public {
        pay(10, 20, 0, 0);
        vm.expectEmit(address(payouts));
        emit IPayouts.RecipientSet(alice, address(0xF8E5));
        vm.prank(alice);
        payouts.setRecipient(address(0xF8E5));
        assertEq(payouts.recipientOf(alice), address(0xF8E5));
        vm.expectEmit(address(payouts));
        emit IPayouts.Withdrawn(address(token), alice, address(0xF8E5), 10);
        vm.prank(bob);
        assertEq(payouts.withdrawFor(address(token), alice), 10);
        assertEq(token.balanceOf(address(0xF8E5)), 10);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToWithdraw.selector, alice));
        payouts.withdrawFor(address(token), alice);
        // Nobody else's credit went along, and the payee can still withdraw elsewhere.
        assertEq(credit(bob), 20);
        pay(5, 0, 0, 0);
        assertEq(withdraw(alice, alice), 5);
    }

    /*//////////////////////////////////////////////////////////////
                                COLLECT
    //////////////////////////////////////////////////////////////*/

    function pots(bytes32 first, bytes32 second) private pure returns (bytes32[] memory roots) {
        roots = new bytes32[](2);
        (roots[0], roots[1]) = (first, second);
    }

    function test_Collect_MovesOwnAndTrainingPotsToTheRewards() public {
        pay(7, 0, bytes32(uint256(11)), 100);
        pay(0, 0, trained(), 23);
        pay(0, 0, bytes32(uint256(12)), 1);
        vm.expectEmit(address(payouts));
        emit IPayouts.PotCollected(address(token), 11, bytes32(uint256(11)), 100);
        vm.expectEmit(address(payouts));
        emit IPayouts.PotCollected(address(token), 11, trained(), 23);
        vm.prank(bob);
        assertEq(payouts.collect(address(token), 11, pots(0, keccak256("contributors"))), 123);
        (uint128 funded, ) = rewards.accountOf(11, address(token));
        assertEq(funded, 123);
        assertEq(token.balanceOf(address(rewards)), 123);
        assertEq(payouts.heldOf(address(token)), 8);
        assertEq(token.allowance(address(payouts), address(rewards)), 0);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToCollect.selector, 11));
        payouts.collect(address(token), 11, pots(0, keccak256("contributors")));
    }

    function test_Collect_TakesAPotOnce() public {
        pay(0, 0, bytes32(uint256(11)), 100);
        assertEq(payouts.collect(address(token), 11, pots(0, 0)), 100);
    }

    function test_Collect_RevertGiven_NothingIsThere() public {
        pay(0, 0, bytes32(uint256(12)), 100);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToCollect.selector, 11));
        payouts.collect(address(token), 11, pots(0, keccak256("contributors")));
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToCollect.selector, 11));
        payouts.collect(address(token), 11, new bytes32[](0));
    }

    function test_Collect_RevertWhen_ItIsAModel() public {
        parents(3_000, 1_000);
        pay(0, 0, bytes32(MODEL), 100);
        expectError(abi.encodeWithSelector(Errors.Payouts_NotADataset.selector, MODEL));
        payouts.collect(address(token), MODEL, pots(0, 0));
    }

    /*//////////////////////////////////////////////////////////////
                               DISTRIBUTE
    //////////////////////////////////////////////////////////////*/

    function parents(uint16 first, uint16 second) private returns (Parent[] memory list) {
        list = new Parent[](2);
        list[0] = Parent(11, keccak256("contributors"), first);
        list[1] = Parent(12, 0, second);
        lineage.set(MODEL, list);
    }

    function distribute(Parent[] memory list) private {
        payouts.distribute(address(token), MODEL, list);
    }

    function trained() private pure returns (bytes32) {
        return keccak256(abi.encode(uint256(11), keccak256("contributors")));
    }

    function test_Distribute_RevertWhen_ParentsAreNotTheModels() public {
        Parent[] memory list = parents(3_000, 1_000);
        pay(0, 0, bytes32(MODEL), 100);
        list[0].shareBps = 3_001;
        expectError(abi.encodeWithSelector(Errors.Payouts_LineageMismatch.selector, MODEL));
        distribute(list);
    }

    function test_Distribute_RevertWhen_AssetHasNoParents() public {
        pay(0, 0, bytes32(MODEL), 100);
        expectError(abi.encodeWithSelector(Errors.Payouts_LineageMismatch.selector, MODEL));
        distribute(new Parent[](0));
        // Not even where somebody wrote the hash of no parents.
        lineage.set(MODEL, new Parent[](0));
        expectError(abi.encodeWithSelector(Errors.Payouts_LineageMismatch.selector, MODEL));
        distribute(new Parent[](0));
    }

    function nothing(Parent[] memory list) private {
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToDistribute.selector, MODEL));
        distribute(list);
    }

    function test_Distribute_RevertGiven_PotEmpty() public {
        nothing(parents(3_000, 1_000));
    }

    function test_Distribute_RevertGiven_PotTooSmall() public {
        pay(0, 0, bytes32(MODEL), 1);
        nothing(parents(2_000, 2_000));
        assertEq(pot(bytes32(MODEL)), 1);
    }

    function test_Distribute_RevertGiven_NoShares() public {
        pay(0, 0, bytes32(MODEL), 100);
        nothing(parents(0, 0));
    }

    function test_Distributes() public {
        pay(7, 0, bytes32(MODEL), 101);
        Parent[] memory list = parents(3_000, 1_000);
        vm.expectEmit(address(payouts));
        emit IPayouts.Distributed(address(token), MODEL, 11, trained(), 75);
        vm.expectEmit(address(payouts));
        emit IPayouts.Distributed(address(token), MODEL, 12, bytes32(uint256(12)), 25);
        vm.prank(bob);
        distribute(list);
        // 101 by 3 : 1 is 75.75 and 25.25; one unit stays.
        assertEq(pot(trained()), 75);
        assertEq(pot(bytes32(uint256(12))), 25);
        assertEq(pot(bytes32(MODEL)), 1);
        assertEq(payouts.heldOf(address(token)), 108);
        nothing(list);
    }

    function test_Distribute_ParentWithoutShareGetsNothing() public {
        pay(0, 0, bytes32(MODEL), 40);
        distribute(parents(5_000, 0));
        assertEq(pot(trained()), 40);
        assertEq(pot(bytes32(uint256(12))), 0);
    }

    function testFuzz_Distribute_IsExact(uint128 amount, uint16[8] memory shares, uint8 count) public {
        count = uint8(bound(count, 1, 8));
        Parent[] memory list = new Parent[](count);
        uint256 whole = 0;
        for (uint256 i = 0; i < count; ++i) {
            list[i] = Parent(100 + i, 0, shares[i] % 5_000);
            whole += list[i].shareBps;
        }
        lineage.set(MODEL, list);
        pay(0, 0, bytes32(MODEL), amount);
        uint256 moved = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (whole != 0) moved += (uint256(amount) * list[i].shareBps) / whole;
        }
        if (moved == 0) return nothing(list);
        distribute(list);
        uint256 sum = pot(bytes32(MODEL));
        assertTrue(sum < count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 part = pot(bytes32(list[i].asset));
            assertEq(part, (uint256(amount) * list[i].shareBps) / whole);
            sum += part;
        }
        assertEq(sum, amount);
        assertEq(payouts.heldOf(address(token)), amount);
    }

    /// @dev A hostile caller cannot round one parent out of its share by distributing every unit as it comes.
    function test_Distribute_UnitByUnitIsAsExactAsAtOnce() public {
        Parent[] memory list = parents(6_000, 4_000);
        for (uint256 i = 0; i < 10; ++i) {
            pay(0, 0, bytes32(MODEL), 1);
            (bool ok, ) = address(payouts).call(
                abi.encodeCall(payouts.distribute, (address(token), MODEL, list))
            );
            ok;
        }
        assertEq(pot(trained()), 6);
        assertEq(pot(bytes32(uint256(12))), 4);
        assertEq(pot(bytes32(MODEL)), 0);
    }

    function testFuzz_Distribute_DependsOnTheSumOnly(
        uint32[6] memory amounts,
        uint16 first,
        uint16 second
    ) public {
        Parent[] memory list = parents(first % 5_000, second % 5_000);
        uint256 whole = uint256(list[0].shareBps) + list[1].shareBps;
        uint256 sum = 0;
        for (uint256 i = 0; i < 6; ++i) {
            sum += amounts[i];
            pay(0, 0, bytes32(MODEL), amounts[i]);
            (bool ok, ) = address(payouts).call(
                abi.encodeCall(payouts.distribute, (address(token), MODEL, list))
            );
            ok;
        }
        if (whole == 0) return assertEq(pot(bytes32(MODEL)), sum);
        uint256 a = (sum * list[0].shareBps) / whole;
        uint256 b = (sum * list[1].shareBps) / whole;
        assertEq(pot(trained()), a);
        assertEq(pot(bytes32(uint256(12))), b);
        assertEq(pot(bytes32(MODEL)), sum - a - b);
        assertEq(payouts.heldOf(address(token)), sum);
    }

    function testFuzz_DepositAndWithdraw(uint128 a, uint128 b, uint128 potted) public {
        pay(a, b, bytes32("pot"), potted);
        assertEq(payouts.heldOf(address(token)), uint256(a) + b + potted);
        if (a != 0) assertEq(withdraw(alice, alice), a);
        if (b != 0) assertEq(withdraw(bob, bob), b);
        assertEq(payouts.heldOf(address(token)), potted);
        assertEq(token.balanceOf(address(payouts)), potted);
    }
}
