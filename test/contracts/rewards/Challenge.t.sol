// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    HeldRoot,
    RewardLeaf,
    RewardProof,
    RewardRoot,
    RootFault,
    SumFault
} from "../../../contracts/types/RewardTypes.sol";
import {SumTrees} from "../support/SumTrees.sol";
import {RewardsTest} from "./RewardsTest.sol";

contract ChallengeTest is RewardsTest {
    bytes private constant NOT_SHOWN = abi.encodePacked(Errors.ContributorRewards_FaultNotShown.selector);

    function setUp() public override {
        super.setUp();
        fundUpTo(1_000);
        open(three(10, 20, 30));
    }

    function expectVoided(RootFault fault) private {
        vm.expectEmit(address(rewards));
        emit IContributorRewards.RootVoided(dataset, address(dollar), epoch, fault, address(this));
    }

    /// @dev The root before still pays; the fallen one never will.
    function assertVoided(bytes32 old) private {
        assertEq(last(), 0);
        assertEq(claimable(), old);
        passWindow();
        assertEq(claimable(), old);
    }

    function two(address a, address b) private pure returns (RewardLeaf[] memory list) {
        list = new RewardLeaf[](2);
        (list[0], list[1]) = (RewardLeaf(a, 100, 0), RewardLeaf(b, 100, 0));
    }

    function invalid(uint32 index) private {
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_ProofInvalid.selector, index));
    }

    /*//////////////////////////////////////////////////////////////
                               DECREASE
    //////////////////////////////////////////////////////////////*/

    function decrease(RewardProof memory before, RewardProof memory pending) private {
        rewards.challengeDecrease(dataset, address(dollar), before, pending);
    }

    /// @dev Regression "decreased subject".
    function test_Decrease_VoidsTheRoot() public {
        bytes32 old = claimable();
        RewardLeaf[] memory list = three(10, 19, 71);
        post(list);
        expectVoided(RootFault.Decrease);
        decrease(proof(1), proofOf(list, 1));
        assertVoided(old);
    }

    function test_Decrease_OfWhatLapsedVoidsTheRoot() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        list[2].lapsed = 30;
        open(list);
        list = three(10, 20, 30);
        list[2].lapsed = 29;
        post(list);
        expectVoided(RootFault.Decrease);
        decrease(proof(2), proofOf(list, 2));
    }

    function test_Decrease_RevertWhen_NobodyHasLess() public {
        RewardLeaf[] memory list = three(10, 21, 30);
        post(list);
        for (uint256 i = 0; i < 3; ++i) {
            expectError(NOT_SHOWN);
            decrease(proof(i), proofOf(list, i));
        }
    }

    function test_Decrease_RevertWhen_ItIsSomebodyElse() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        post(list);
        expectError(NOT_SHOWN);
        decrease(proof(2), proofOf(list, 0));
    }

    function test_Decrease_RevertWhen_AProofIsWrong() public {
        RewardLeaf[] memory list = three(10, 19, 71);
        post(list);
        RewardProof memory wrong = proof(1);
        wrong.leaf.cumulative = 25;
        invalid(1);
        decrease(wrong, proofOf(list, 1));
        wrong = proofOf(list, 1);
        wrong.leaf.cumulative = 1;
        invalid(1);
        decrease(proof(1), wrong);
        // The two proofs must not change places.
        invalid(1);
        decrease(proofOf(list, 1), proof(1));
    }

    function test_Decrease_RevertGiven_NothingIsPending() public {
        RewardLeaf[] memory list = three(10, 19, 71);
        post(list);
        decrease(proof(1), proofOf(list, 1));
        expectError(
            abi.encodeWithSelector(
                Errors.ContributorRewards_NothingPending.selector,
                dataset,
                address(dollar)
            )
        );
        decrease(proof(1), proofOf(list, 1));
    }

    function test_Decrease_RevertWhen_TheWindowHasPassed() public {
        RewardLeaf[] memory list = three(10, 19, 71);
        post(list);
        passWindow();
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_TooLate.selector, block.timestamp));
        decrease(proof(1), proofOf(list, 1));
    }

    /*//////////////////////////////////////////////////////////////
                               OMISSION
    //////////////////////////////////////////////////////////////*/

    function omission(RewardProof memory before, RewardProof memory a, RewardProof memory b) private {
        RewardProof[] memory list = new RewardProof[](b.siblings.length == 0 ? 1 : 2);
        list[0] = a;
        if (list.length == 2) list[1] = b;
        rewards.challengeOmission(dataset, address(dollar), before, list);
    }

    function none() private pure returns (RewardProof memory p) {}

    /// @dev Regression "omitted subject".
    function test_Omission_BetweenTwoVoidsTheRoot() public {
        bytes32 old = claimable();
        RewardLeaf[] memory list = two(subject(0), subject(2));
        post(list);
        expectVoided(RootFault.Omission);
        omission(proof(1), proofOf(list, 0), proofOf(list, 1));
        assertVoided(old);
    }

    function test_Omission_BeforeTheFirstVoidsTheRoot() public {
        RewardLeaf[] memory list = two(subject(1), subject(2));
        post(list);
        expectVoided(RootFault.Omission);
        omission(proof(0), proofOf(list, 0), none());
    }

    function test_Omission_AfterTheLastVoidsTheRoot() public {
        RewardLeaf[] memory list = two(subject(0), subject(1));
        post(list);
        expectVoided(RootFault.Omission);
        omission(proof(2), proofOf(list, 1), none());
    }

    function test_Omission_RevertWhen_TheSubjectIsThere() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        post(list);
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = 0; j < 3; ++j) {
                expectError(NOT_SHOWN);
                omission(proof(i), proofOf(list, j), none());
                if (j == 2) continue;
                expectError(NOT_SHOWN);
                omission(proof(i), proofOf(list, j), proofOf(list, j + 1));
            }
        }
    }

    function test_Omission_RevertWhen_TheLeavesAreNotNeighbours() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        post(list);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NotNeighbours.selector, 0, 2));
        omission(proof(1), proofOf(list, 0), proofOf(list, 2));
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NotNeighbours.selector, 1, 0));
        omission(proof(1), proofOf(list, 1), proofOf(list, 0));
    }

    function test_Omission_RevertWhen_NoneOrThreeAreShown() public {
        post(three(10, 20, 30));
        expectError(NOT_SHOWN);
        rewards.challengeOmission(dataset, address(dollar), proof(1), new RewardProof[](0));
        expectError(NOT_SHOWN);
        rewards.challengeOmission(dataset, address(dollar), proof(1), new RewardProof[](3));
    }

    /// @dev A leaf shown at an index that is not its own: with fewer levels, or beyond the number of leaves.
    function test_Omission_RevertWhen_AnIndexIsForged() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        post(list);
        RewardProof memory forged = proofOf(list, 0);
        forged.index = 4;
        invalid(4);
        omission(proof(1), forged, none());
        forged.index = 3;
        invalid(3);
        omission(proof(1), forged, none());
    }

    function testFuzz_Omission_IsShownForWhoeverIsLeftOut(uint256 out, uint256 size) public {
        size = bound(size, 2, 5);
        out = bound(out, 0, size - 1);
        uint128[] memory amounts = new uint128[](size);
        for (uint256 i = 0; i < size; ++i) amounts[i] = 40;
        RewardLeaf[] memory all = leaves(amounts);
        open(all);
        RewardLeaf[] memory list = new RewardLeaf[](size - 1);
        for (uint256 i = 0; i < size - 1; ++i) {
            list[i] = all[i < out ? i : i + 1];
            list[i].cumulative = 250;
        }
        post(list);
        if (out == 0) omission(proof(out), proofOf(list, 0), none());
        else if (out == size - 1) omission(proof(out), proofOf(list, size - 2), none());
        else omission(proof(out), proofOf(list, out - 1), proofOf(list, out));
        assertEq(last(), 0);
    }

    /*//////////////////////////////////////////////////////////////
                               DISORDER
    //////////////////////////////////////////////////////////////*/

    function disorder(RewardProof memory a, RewardProof memory b) private {
        rewards.challengeDisorder(dataset, address(dollar), a, b);
    }

    function test_Disorder_VoidsTheRoot() public {
        bytes32 old = claimable();
        RewardLeaf[] memory list = two(subject(1), subject(0));
        post(list);
        expectVoided(RootFault.Disorder);
        disorder(proofOf(list, 0), proofOf(list, 1));
        assertVoided(old);
    }

    /// @dev Regression "double leaf".
    function test_Disorder_OfADoubleLeafVoidsTheRoot() public {
        RewardLeaf[] memory list = two(subject(1), subject(1));
        post(list);
        expectVoided(RootFault.Disorder);
        disorder(proofOf(list, 0), proofOf(list, 1));
    }

    function test_Disorder_RevertWhen_InOrder() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        post(list);
        expectError(NOT_SHOWN);
        disorder(proofOf(list, 0), proofOf(list, 1));
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NotNeighbours.selector, 1, 0));
        disorder(proofOf(list, 1), proofOf(list, 0));
    }

    /*//////////////////////////////////////////////////////////////
                               WRONG SUM
    //////////////////////////////////////////////////////////////*/

    function sumFault(SumFault memory fault) private {
        rewards.challengeSum(dataset, address(dollar), fault);
    }

    function node(uint256 i) private view returns (SumTrees.Node memory) {
        return SumTrees.leafNode(RewardLeaf(subject(i), 100, 0));
    }

    function postNode(SumTrees.Node memory top, uint32 count) private {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        (r.root, r.total, r.count) = (top.hash, top.sum, count);
        rewards.postRoot(r, signed(r, 1, 2));
    }

    /// @dev Regression "wrong sum": the total is not what the root's children add up to.
    function test_Sum_OfTheRootVoidsIt() public {
        bytes32 old = claimable();
        SumTrees.Node memory top = SumTrees.parent(node(0), node(1));
        top.sum = 150;
        postNode(top, 2);
        expectVoided(RootFault.WrongSum);
        sumFault(SumFault(1, 0, top.hash, 150, "", SumTrees.children(node(0), node(1))));
        assertVoided(old);
    }

    function test_Sum_OfAnInnerNodeVoidsTheRoot() public {
        SumTrees.Node memory left = SumTrees.parent(node(0), node(1));
        SumTrees.Node memory right = SumTrees.parent(node(2), node(3));
        right.sum = 500;
        postNode(SumTrees.parent(left, right), 4);
        expectVoided(RootFault.WrongSum);
        sumFault(
            SumFault(
                1,
                1,
                right.hash,
                500,
                abi.encodePacked(left.hash, left.sum),
                SumTrees.children(node(2), node(3))
            )
        );
    }

    function test_Sum_OfALeafVoidsTheRoot() public {
        SumTrees.Node memory right = node(1);
        right.sum = 99;
        postNode(SumTrees.parent(node(0), right), 2);
        expectVoided(RootFault.WrongSum);
        bytes memory siblings = abi.encodePacked(node(0).hash, node(0).sum);
        sumFault(SumFault(0, 1, right.hash, 99, siblings, abi.encode(subject(1), 100, 0)));
    }

    function test_Sum_OfALeafWithMoreLapsedThanEarnedVoidsTheRoot() public {
        RewardLeaf[] memory list = two(subject(0), subject(1));
        list[1].lapsed = 101;
        post(list);
        expectVoided(RootFault.WrongSum);
        bytes memory siblings = proofOf(list, 1).siblings;
        bytes32 hash = SumTrees.leafNode(list[1]).hash;
        sumFault(SumFault(0, 1, hash, 100, siblings, abi.encode(subject(1), 100, 101)));
    }

    function test_Sum_OfALeafThatNoAddressCanHoldVoidsTheRoot() public {
        bytes memory preimage = abi.encode(uint256(1) << 200, 100, 0);
        bytes32 hash = keccak256(abi.encodePacked(keccak256(preimage)));
        postNode(SumTrees.parent(node(0), SumTrees.Node(hash, 100)), 2);
        expectVoided(RootFault.WrongSum);
        sumFault(SumFault(0, 1, hash, 100, abi.encodePacked(node(0).hash, node(0).sum), preimage));
    }

    function test_Sum_RevertWhen_ItAddsUp() public {
        RewardLeaf[] memory list = two(subject(0), subject(1));
        post(list);
        SumTrees.Node memory top = SumTrees.root(list);
        expectError(NOT_SHOWN);
        sumFault(SumFault(1, 0, top.hash, top.sum, "", SumTrees.children(node(0), node(1))));
        expectError(NOT_SHOWN);
        bytes memory siblings = proofOf(list, 1).siblings;
        sumFault(SumFault(0, 1, node(1).hash, 100, siblings, abi.encode(subject(1), 100, 0)));
    }

    function test_Sum_RevertWhen_TheNodeOrItsPreimageIsNotTheRoots() public {
        RewardLeaf[] memory list = two(subject(0), subject(1));
        post(list);
        SumTrees.Node memory top = SumTrees.root(list);
        bytes memory children = SumTrees.children(node(0), node(1));
        invalid(0);
        sumFault(SumFault(1, 0, top.hash, top.sum + 1, "", children));
        invalid(0);
        sumFault(SumFault(1, 0, top.hash, top.sum, "", SumTrees.children(node(1), node(0))));
        invalid(0);
        sumFault(SumFault(2, 0, top.hash, top.sum, "", children));
        invalid(0);
        sumFault(SumFault(1, 0, top.hash, top.sum, "", bytes.concat(children, hex"00")));
        invalid(1);
        bytes memory siblings = proofOf(list, 1).siblings;
        sumFault(SumFault(0, 1, node(1).hash, 100, siblings, abi.encode(subject(1), 100, 1)));
    }

    /*//////////////////////////////////////////////////////////////
                             AVAILABILITY
    //////////////////////////////////////////////////////////////*/

    address private watcher = address(0x3A7C);
    address private helper = address(0x4E19);

    function demand(uint32 index) private {
        vm.deal(watcher, BOND);
        vm.prank(watcher);
        rewards.demandLeaf{value: BOND}(dataset, address(dollar), index);
    }

    function show(RewardProof memory p) private {
        vm.prank(helper);
        rewards.showLeaf(dataset, address(dollar), p);
    }

    function withdraw(address account) private returns (uint256) {
        vm.prank(account);
        return rewards.withdrawBonds(account);
    }

    function test_Demand_RevertWhen_TheBondIsNotRight() public {
        post(three(10, 20, 40));
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_BondMismatch.selector, BOND, BOND - 1));
        rewards.demandLeaf{value: BOND - 1}(dataset, address(dollar), 0);
    }

    function test_Demand_RevertGiven_NothingIsPending() public {
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_TooLate.selector, block.timestamp));
        rewards.demandLeaf{value: BOND}(dataset, address(dollar), 0);
        expectError(
            abi.encodeWithSelector(Errors.ContributorRewards_NothingPending.selector, 99, address(dollar))
        );
        rewards.demandLeaf{value: BOND}(99, address(dollar), 0);
    }

    function test_Demand_RevertWhen_ThereIsNoSuchLeaf() public {
        post(three(10, 20, 40));
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_IndexOutside.selector, 3, 3));
        rewards.demandLeaf{value: BOND}(dataset, address(dollar), 3);
    }

    function test_Demand_RevertWhen_ItWasMadeBefore() public {
        RewardLeaf[] memory list = three(10, 20, 40);
        post(list);
        demand(1);
        bytes memory known = abi.encodeWithSelector(Errors.ContributorRewards_DemandKnown.selector, 1);
        expectError(known);
        rewards.demandLeaf{value: BOND}(dataset, address(dollar), 1);
        show(proofOf(list, 1));
        expectError(known);
        rewards.demandLeaf{value: BOND}(dataset, address(dollar), 1);
    }

    function test_Demand_KeepsTheRootFromBecomingClaimable() public {
        bytes32 old = claimable();
        RewardLeaf[] memory list = three(10, 20, 40);
        post(list);
        vm.warp(block.timestamp + CHALLENGE - 1);
        demand(1);
        vm.warp(block.timestamp + 1);
        assertEq(claimable(), old);
        show(proofOf(list, 1));
        assertEq(claimable(), last());
    }

    function test_Show_EarnsTheBond() public {
        RewardLeaf[] memory list = three(10, 20, 40);
        post(list);
        demand(2);
        vm.expectEmit(address(rewards));
        emit IContributorRewards.LeafShown(dataset, address(dollar), epoch, 2, helper, list[2]);
        show(proofOf(list, 2));
        assertEq(rewards.bondOf(helper), BOND);
        vm.expectEmit(address(rewards));
        emit IContributorRewards.BondWithdrawn(helper, helper, BOND);
        assertEq(withdraw(helper), BOND);
        assertEq(helper.balance, BOND);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NothingToWithdraw.selector, helper));
        withdraw(helper);
    }

    function test_Show_RevertWhen_NotDemandedOrShownBefore() public {
        RewardLeaf[] memory list = three(10, 20, 40);
        post(list);
        bytes memory notDemanded = abi.encodeWithSelector(Errors.ContributorRewards_NotDemanded.selector, 1);
        expectError(notDemanded);
        show(proofOf(list, 1));
        demand(1);
        show(proofOf(list, 1));
        expectError(notDemanded);
        show(proofOf(list, 1));
    }

    function test_Show_RevertWhen_TheProofIsWrongOrLate() public {
        RewardLeaf[] memory list = three(10, 20, 40);
        post(list);
        demand(1);
        RewardProof memory wrong = proofOf(list, 1);
        wrong.leaf.cumulative += 1;
        invalid(1);
        show(wrong);
        vm.warp(block.timestamp + ANSWER + 1);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_TooLate.selector, block.timestamp - 1));
        show(proofOf(list, 1));
    }

    function test_VoidUnshown_VoidsTheRootAndGivesTheBondBack() public {
        bytes32 old = claimable();
        post(three(10, 20, 40));
        demand(1);
        uint256 opensAt = block.timestamp + ANSWER + 1;
        vm.warp(opensAt - 1);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_TooEarly.selector, opensAt));
        rewards.voidUnshown(dataset, address(dollar), 1);
        vm.warp(opensAt);
        expectVoided(RootFault.Unavailable);
        rewards.voidUnshown(dataset, address(dollar), 1);
        assertEq(withdraw(watcher), BOND);
        assertVoided(old);
        // A new root finds its place.
        post(three(10, 20, 40));
        passWindow();
        assertEq(claimable(), last());
    }

    function test_VoidUnshown_RevertGiven_NothingWasDemanded() public {
        post(three(10, 20, 40));
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NotDemanded.selector, 0));
        rewards.voidUnshown(dataset, address(dollar), 0);
        expectError(
            abi.encodeWithSelector(Errors.ContributorRewards_NothingPending.selector, 99, address(dollar))
        );
        rewards.voidUnshown(99, address(dollar), 0);
    }

    function test_ReleaseBond_GivenTheRootFellForAnotherReason() public {
        RewardLeaf[] memory list = three(10, 19, 71);
        RewardRoot memory r = post(list);
        demand(0);
        expectError(
            abi.encodeWithSelector(
                Errors.ContributorRewards_RootPending.selector,
                r.epoch,
                block.timestamp + CHALLENGE
            )
        );
        rewards.releaseBond(dataset, address(dollar), r.epoch, 0);
        decrease(proof(1), proofOf(list, 1));
        rewards.releaseBond(dataset, address(dollar), r.epoch, 0);
        assertEq(withdraw(watcher), BOND);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NotDemanded.selector, 0));
        rewards.releaseBond(dataset, address(dollar), r.epoch, 0);
    }

    function test_ReleaseBond_GivenANewRootTookItsPlace() public {
        RewardLeaf[] memory list = three(10, 19, 71);
        RewardRoot memory r = post(list);
        demand(0);
        decrease(proof(1), proofOf(list, 1));
        post(three(10, 20, 40));
        passWindow();
        assertEq(claimable(), last());
        rewards.releaseBond(dataset, address(dollar), r.epoch, 0);
        assertEq(rewards.bondOf(watcher), BOND);
        assertEq(rewards.demandOf(dataset, address(dollar), r.epoch, 0).challenger, address(0));
    }
}
