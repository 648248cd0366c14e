// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    Claim,
    OwnClaim,
    RelayedClaim,
    RewardLeaf,
    RewardProof,
    RewardRoot
} from "../../../contracts/types/RewardTypes.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {SumTrees} from "../support/SumTrees.sol";
import {BlacklistToken} from "../support/Tokens.sol";
import {RewardsTest} from "./RewardsTest.sol";

/// @notice Burns all gas that it is given when asked for a signature.
contract GreedyAccount {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        while (true) {}
        return 0x1626ba7e;
    }
}

contract ClaimTest is RewardsTest {
    address private fresh = address(0xF4E5);
    address private codeKey = vm.addr(CODE_KEY);

    function setUp() public override {
        super.setUp();
        open(three(10, 20, 30));
    }

    function claimAs(address sender, RewardProof memory p) private {
        OwnClaim[] memory list = own(p);
        vm.prank(sender);
        rewards.claim(list);
    }

    function nothing(address who) private {
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_NothingToClaim.selector, who));
    }

    function unsigned(address who) private {
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_SignatureInvalid.selector, who));
    }

    function invalid(uint32 index) private {
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_ProofInvalid.selector, index));
    }

    function claimedOf(uint256 i) private view returns (uint256) {
        return rewards.claimedOf(dataset, address(dollar), subject(i));
    }

    /*//////////////////////////////////////////////////////////////
                                TO SELF
    //////////////////////////////////////////////////////////////*/

    function test_Claim_PaysTheSubject() public {
        vm.expectEmit(address(rewards));
        emit IContributorRewards.Claimed(dataset, address(dollar), subject(1), subject(1), 20);
        claimAs(subject(1), proof(1));
        assertEq(dollar.balanceOf(subject(1)), 20);
        (uint128 funded, uint128 claimed) = rewards.accountOf(dataset, address(dollar));
        assertEq(funded, 60);
        assertEq(claimed, 20);
        assertEq(claimedOf(1), 20);
        nothing(subject(1));
        claimAs(subject(1), proof(1));
    }

    function test_Claim_PaysOnlyWhatIsNew() public {
        claimAs(subject(1), proof(1));
        open(three(10, 27, 30));
        claimAs(subject(1), proof(1));
        assertEq(dollar.balanceOf(subject(1)), 27);
    }

    function test_Claim_SeveralAtOnce() public {
        uint256 other = listDataset(bytes32("other"));
        uint256 first = dataset;
        dataset = other;
        epoch += 1;
        open(three(1, 2, 3));
        OwnClaim[] memory list = new OwnClaim[](2);
        list[0] = OwnClaim(other, address(dollar), proof(1));
        open(three(1, 2, 3));
        dataset = first;
        list[1] = OwnClaim(first, address(dollar), proofOf(three(10, 20, 30), 1));
        vm.prank(subject(1));
        rewards.claim(list);
        assertEq(dollar.balanceOf(subject(1)), 22);
    }

    function test_Claim_RevertWhen_SenderIsSomebodyElse() public {
        address[5] memory actors = [timelock, commons, curator, operator(1), subject(0)];
        for (uint256 i = 0; i < actors.length; ++i) {
            expectError(
                abi.encodeWithSelector(
                    Errors.ContributorRewards_NotController.selector,
                    subject(1),
                    actors[i]
                )
            );
            claimAs(actors[i], proof(1));
        }
    }

    function test_Claim_RevertWhen_TheLeafIsNotInTheRoot() public {
        RewardProof memory p = proof(1);
        p.leaf.cumulative = 21;
        invalid(1);
        claimAs(subject(1), p);
        p = proof(1);
        p.index = 0;
        invalid(0);
        claimAs(subject(1), p);
        p = proof(1);
        p.siblings = bytes.concat(p.siblings, new bytes(48));
        invalid(1);
        claimAs(subject(1), p);
    }

    function test_Claim_RevertGiven_NoRootIsClaimable() public {
        dataset = listDataset(bytes32("other"));
        invalid(1);
        claimAs(subject(1), proof(1));
        fundUpTo(60);
        post(three(10, 20, 30));
        invalid(1);
        claimAs(subject(1), proof(1));
    }

    /// @dev Regression "second preimage": an inner node does not pass for a leaf, nor its children for one.
    function test_Claim_RevertWhen_AnInnerNodeIsShownAsALeaf() public {
        SumTrees.Node memory left = SumTrees.subtree(tree, 0, 2);
        RewardProof memory p = proof(0);
        // The same path without its lowest sibling.
        bytes memory shorter = new bytes(48);
        for (uint256 i = 0; i < 48; ++i) shorter[i] = p.siblings[48 + i];
        p.leaf = RewardLeaf(address(uint160(uint256(left.hash))), left.sum, 0);
        p.siblings = shorter;
        invalid(0);
        claimAs(p.leaf.subject, p);
        p.siblings = proof(0).siblings;
        invalid(0);
        claimAs(p.leaf.subject, p);
    }

    /// @dev Regression "double leaf": a subject that stands twice is not paid twice, nor more than the root's total.
    function test_Claim_GivenASubjectStandsTwice() public {
        RewardLeaf[] memory list = new RewardLeaf[](2);
        list[0] = RewardLeaf(subject(1), 60, 0);
        list[1] = RewardLeaf(subject(1), 80, 0);
        open(list);
        claimAs(subject(1), proof(0));
        claimAs(subject(1), proof(1));
        assertEq(dollar.balanceOf(subject(1)), 80);
        (uint128 funded, uint128 claimed) = rewards.accountOf(dataset, address(dollar));
        assertTrue(claimed <= 140 && claimed <= funded);
    }

    /// @dev A root that its gateways let through although it leaves out who has claimed before.
    function test_Claim_RevertWhen_TheRootsTotalIsUsedUp() public {
        claimAs(subject(2), proof(2));
        RewardLeaf[] memory list = new RewardLeaf[](1);
        list[0] = RewardLeaf(subject(0), 60, 0);
        open(list);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_TotalExceeded.selector, subject(0)));
        claimAs(subject(0), proof(0));
    }

    /*//////////////////////////////////////////////////////////////
                                 SIGNED
    //////////////////////////////////////////////////////////////*/

    function bySig(Claim memory c, RewardProof memory p, bytes memory s) private {
        vm.prank(stranger);
        rewards.claimBySig(c, p, s);
    }

    function test_ClaimBySig_PaysAnyAddress() public {
        Claim memory c = claimOf(1, fresh, 20);
        assertEq(rewards.hashClaim(c), digest(c));
        vm.expectEmit(address(rewards));
        emit IContributorRewards.Claimed(dataset, address(dollar), subject(1), fresh, 20);
        bySig(c, proof(1), signed(c, keys[1]));
        assertEq(dollar.balanceOf(fresh), 20);
        assertEq(dollar.balanceOf(subject(1)), 0);
    }

    function test_ClaimBySig_PaysNoUnitTwice() public {
        Claim memory c = claimOf(1, fresh, 20);
        c.deadline += 1 days;
        bytes memory s = signed(c, keys[1]);
        bySig(c, proof(1), s);
        nothing(subject(1));
        bySig(c, proof(1), s);
        // Not even what a later root adds: the signature ends where it said.
        open(three(10, 27, 30));
        nothing(subject(1));
        bySig(c, proof(1), s);
    }

    function test_ClaimBySig_SurvivesALaterRoot() public {
        Claim memory c = claimOf(1, fresh, 20);
        c.deadline = uint40(block.timestamp + 1 days);
        bytes memory s = signed(c, keys[1]);
        open(three(10, 27, 30));
        bySig(c, proof(1), s);
        assertEq(dollar.balanceOf(fresh), 20);
    }

    function test_ClaimBySig_RevertWhen_Expired() public {
        Claim memory c = claimOf(1, fresh, 20);
        vm.warp(c.deadline);
        uint256 state = vm.snapshotState();
        bySig(c, proof(1), signed(c, keys[1]));
        vm.revertToState(state);
        vm.warp(c.deadline + 1);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_Expired.selector, c.deadline));
        bySig(c, proof(1), signed(c, keys[1]));
    }

    function test_ClaimBySig_RevertWhen_ReceiverIsZero() public {
        Claim memory c = claimOf(1, address(0), 20);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_AddressZero.selector));
        bySig(c, proof(1), signed(c, keys[1]));
    }

    function test_ClaimBySig_RevertWhen_SignedBySomebodyElse() public {
        Claim memory c = claimOf(1, fresh, 20);
        unsigned(subject(1));
        bySig(c, proof(1), signed(c, keys[0]));
        unsigned(subject(1));
        bySig(c, proof(1), hex"1234");
    }

    function test_ClaimBySig_RevertWhen_AnyMemberIsChanged() public {
        Claim memory c = claimOf(1, fresh, 20);
        bytes memory s = signed(c, keys[1]);
        c.to = stranger;
        unsigned(subject(1));
        bySig(c, proof(1), s);
        c.to = fresh;
        c.upTo = 19;
        unsigned(subject(1));
        bySig(c, proof(1), s);
        c.upTo = 20;
        c.deadline += 1;
        unsigned(subject(1));
        bySig(c, proof(1), s);
    }

    function test_ClaimBySig_RevertWhen_TheProofIsOfAnotherSubject() public {
        Claim memory c = claimOf(1, fresh, 30);
        invalid(2);
        bySig(c, proof(2), signed(c, keys[1]));
    }

    function test_ClaimBySig_ByAContractAccount() public {
        ContractAccount account = new ContractAccount(subject(0));
        RewardLeaf[] memory list = new RewardLeaf[](1);
        list[0] = RewardLeaf(address(account), 60, 0);
        open(list);
        Claim memory c = claimOf(0, fresh, 60);
        c.subject = address(account);
        unsigned(address(account));
        bySig(c, proof(0), signed(c, keys[1]));
        bySig(c, proof(0), signed(c, keys[0]));
        assertEq(dollar.balanceOf(fresh), 60);
    }

    /*//////////////////////////////////////////////////////////////
                              CONTROLLERS
    //////////////////////////////////////////////////////////////*/

    /// @dev A root whose only leaf is a provisional subject, of which this much has lapsed.
    function provisional(uint128 lapsed) private returns (address who) {
        who = consent.provisionalOf(dataset, codeKey);
        RewardLeaf[] memory list = new RewardLeaf[](1);
        list[0] = RewardLeaf(who, 60, lapsed);
        open(list);
    }

    function test_Controller_ClaimsOnceInForce() public {
        address who = provisional(0);
        Claim memory c = claimOf(0, fresh, 40);
        c.subject = who;
        c.deadline += 30 days;
        uint256 inForceFrom = handOver(who, subject(2));
        unsigned(who);
        bySig(c, proof(0), signed(c, keys[2]));
        expectError(
            abi.encodeWithSelector(Errors.ContributorRewards_NotController.selector, who, subject(2))
        );
        claimAs(subject(2), proof(0));
        vm.warp(inForceFrom);
        bySig(c, proof(0), signed(c, keys[2]));
        claimAs(subject(2), proof(0));
        assertEq(dollar.balanceOf(fresh), 40);
        assertEq(dollar.balanceOf(subject(2)), 20);
    }

    function test_Controller_MayBeAContractAccount() public {
        address who = provisional(0);
        ContractAccount account = new ContractAccount(subject(0));
        vm.warp(handOver(who, address(account)));
        Claim memory c = claimOf(0, fresh, 60);
        c.subject = who;
        bySig(c, proof(0), signed(c, keys[0]));
        assertEq(dollar.balanceOf(fresh), 60);
    }

    /*//////////////////////////////////////////////////////////////
                                 BATCH
    //////////////////////////////////////////////////////////////*/

    function batch(
        Claim[] memory c
    ) private view returns (RewardProof[] memory proofs, bytes[] memory signatures) {
        proofs = new RewardProof[](c.length);
        signatures = new bytes[](c.length);
        for (uint256 i = 0; i < c.length; ++i) {
            proofs[i] = proof(i);
            signatures[i] = signed(c[i], keys[i]);
        }
    }

    /// @dev A whole level of the tree, `above` levels below the root.
    function tops(uint256 above) private view returns (bytes memory nodes) {
        uint256 width = SumTrees.width(tree.length) >> above;
        for (uint256 i = 0; i < 1 << above; ++i) {
            SumTrees.Node memory node = SumTrees.subtree(tree, i * width, width);
            nodes = abi.encodePacked(nodes, node.hash, node.sum);
        }
    }

    function relayed(
        Claim memory c,
        RewardProof memory p,
        bytes memory s,
        uint256 above
    ) private pure returns (RelayedClaim memory) {
        bytes memory lower = new bytes(p.siblings.length - 48 * above);
        for (uint256 i = 0; i < lower.length; ++i) lower[i] = p.siblings[i];
        return RelayedClaim(p.leaf, p.index, c.to, c.upTo, c.deadline, lower, s);
    }

    function relay(
        Claim[] memory c,
        RewardProof[] memory proofs,
        bytes[] memory signatures,
        uint256 above
    ) private {
        RelayedClaim[] memory list = new RelayedClaim[](c.length);
        for (uint256 i = 0; i < c.length; ++i) list[i] = relayed(c[i], proofs[i], signatures[i], above);
        rewards.claimBatch{gas: 2_000_000}(dataset, c[0].token, tops(above), list);
    }

    function skipped(uint256 i, bytes4 reason) private {
        vm.expectEmit(address(rewards));
        emit IContributorRewards.ClaimSkipped(i, reason);
    }

    function all() private view returns (Claim[] memory c) {
        c = new Claim[](3);
        for (uint256 i = 0; i < 3; ++i) c[i] = claimOf(i, fresh, 30);
    }

    function test_Batch_PaysAll() public {
        Claim[] memory c = all();
        (RewardProof[] memory proofs, bytes[] memory signatures) = batch(c);
        for (uint256 above = 0; above <= 2; ++above) {
            uint256 state = vm.snapshotState();
            relay(c, proofs, signatures, above);
            assertEq(dollar.balanceOf(fresh), 60);
            vm.revertToState(state);
        }
    }

    function test_Batch_TellsWhoseMoneyWentWhere() public {
        Claim[] memory c = all();
        (RewardProof[] memory proofs, bytes[] memory signatures) = batch(c);
        uint256[3] memory due = [uint256(10), 20, 30];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectEmit(address(rewards));
            emit IContributorRewards.Claimed(dataset, address(dollar), subject(i), fresh, due[i]);
        }
        relay(c, proofs, signatures, 0);
    }

    function refusedTops(bytes memory nodes) private {
        expectError(
            abi.encodeWithSelector(Errors.ContributorRewards_TopsInvalid.selector, dataset, address(dollar))
        );
        rewards.claimBatch(dataset, address(dollar), nodes, new RelayedClaim[](0));
    }

    function test_Batch_RevertWhen_TheUpperNodesAreNotTheRoots() public {
        refusedTops("");
        refusedTops(bytes.concat(tops(1), hex"00"));
        refusedTops(bytes.concat(tops(1), tops(0)));
        bytes memory changed = tops(1);
        changed[47] = bytes1(uint8(changed[47]) + 1);
        refusedTops(changed);
        // More levels than the tree has.
        refusedTops(bytes.concat(tops(2), new bytes(192)));
        // The right nodes in the wrong order: their sum is the same.
        SumTrees.Node memory left = SumTrees.subtree(tree, 0, 2);
        SumTrees.Node memory right = SumTrees.subtree(tree, 2, 2);
        refusedTops(SumTrees.children(right, left));
        bytes memory nodes = tops(0);
        dataset = listDataset(bytes32("other"));
        refusedTops(nodes);
        // Where nothing is claimable there is no tree, not even an empty one.
        refusedTops(new bytes(48));
    }

    function test_Batch_RevertGiven_TheRootsTotalIsNotItsTrees() public {
        RewardRoot memory r = rootOf(three(11, 21, 31));
        r.total = 60;
        rewards.postRoot(r, signed(r, 1, 2));
        passWindow();
        tree[0].cumulative = 11;
        tree[1].cumulative = 21;
        tree[2].cumulative = 31;
        refusedTops(tops(0));
        refusedTops(tops(1));
    }

    /// @dev A place beyond the last leaf would be read from the bytes behind the nodes, which the sender chooses.
    function test_Batch_SkipsAPlaceBeyondTheLastLeaf() public {
        uint128[] memory amounts = new uint128[](4);
        (amounts[0], amounts[1], amounts[2], amounts[3]) = (10, 20, 30, 40);
        open(leaves(amounts));
        Claim memory c = claimOf(0, fresh, 90);
        RewardLeaf memory wish = RewardLeaf(subject(0), 90, 0);
        SumTrees.Node memory forged = SumTrees.leafNode(wish);
        RelayedClaim[] memory list = new RelayedClaim[](1);
        list[0] = RelayedClaim(wish, 4, c.to, c.upTo, c.deadline, "", signed(c, keys[0]));
        bytes memory words = abi.encode(list);
        bytes memory data = abi.encodePacked(
            abi.encodeWithSelector(
                rewards.claimBatch.selector,
                dataset,
                address(dollar),
                words.length + 128,
                160
            ),
            words,
            uint256(192),
            tops(2),
            forged.hash,
            forged.sum
        );
        skipped(0, Errors.ContributorRewards_ProofInvalid.selector);
        (bool taken, ) = address(rewards).call(data);
        assertTrue(taken);
        assertEq(dollar.balanceOf(fresh), 0);
    }

    /// @dev The upper nodes of a batch are no way round the place of a leaf.
    function test_Batch_SkipsALeafUnderAnotherNode() public {
        Claim[] memory c = all();
        (RewardProof[] memory proofs, bytes[] memory signatures) = batch(c);
        proofs[0].index = 2;
        skipped(0, Errors.ContributorRewards_ProofInvalid.selector);
        relay(c, proofs, signatures, 1);
        proofs[0].index = 4;
        skipped(0, Errors.ContributorRewards_ProofInvalid.selector);
        relay(c, proofs, signatures, 1);
        assertEq(dollar.balanceOf(fresh), 50);
    }

    function test_Batch_SkipsWhatIsBad() public {
        Claim[] memory c = all();
        (RewardProof[] memory proofs, bytes[] memory signatures) = batch(c);
        rewards.claimBySig(c[0], proofs[0], signatures[0]);
        signatures[2] = signatures[1];
        skipped(0, Errors.ContributorRewards_NothingToClaim.selector);
        skipped(2, Errors.ContributorRewards_SignatureInvalid.selector);
        relay(c, proofs, signatures, 0);
        assertEq(dollar.balanceOf(fresh), 30);
        assertEq(claimedOf(2), 0);
        proofs[2].leaf.cumulative = 31;
        skipped(2, Errors.ContributorRewards_ProofInvalid.selector);
        relay(c, proofs, signatures, 0);
        proofs[2].leaf.cumulative = 30;
        vm.warp(block.timestamp + 61);
        skipped(2, Errors.ContributorRewards_Expired.selector);
        relay(c, proofs, signatures, 0);
    }

    /// @dev Regression "blacklisted payee": a receiver whom the token refuses stops nobody else, and loses nothing.
    function test_Batch_GivenTheTokenRefusesAReceiver() public {
        BlacklistToken token = new BlacklistToken();
        token.mint(address(this), 60);
        token.approve(address(rewards), 60);
        rewards.fund(dataset, address(token), 60);
        RewardRoot memory r = rootOf(three(10, 20, 30));
        r.token = address(token);
        rewards.postRoot(r, signed(r, 1, 2));
        passWindow();
        token.setBlacklisted(stranger, true);
        Claim[] memory c = all();
        for (uint256 i = 0; i < 3; ++i) c[i].token = address(token);
        c[1].to = stranger;
        (RewardProof[] memory proofs, bytes[] memory signatures) = batch(c);
        skipped(1, Errors.ContributorRewards_TransferRefused.selector);
        relay(c, proofs, signatures, 0);
        assertEq(token.balanceOf(fresh), 40);
        assertEq(rewards.claimedOf(dataset, address(token), subject(1)), 0);
        (, uint128 claimed) = rewards.accountOf(dataset, address(token));
        assertEq(claimed, 40);
        // Alone it fails with the token's own words; to another address it goes through.
        expectError(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, stranger));
        rewards.claimBySig(c[1], proofs[1], signatures[1]);
        c[1].to = fresh;
        rewards.claimBySig(c[1], proofs[1], signed(c[1], keys[1]));
        assertEq(token.balanceOf(fresh), 60);
    }

    function test_Batch_GivenAContractAccountBurnsItsGas() public {
        address greedy = address(new GreedyAccount());
        RewardLeaf[] memory list = new RewardLeaf[](2);
        bool lower = greedy < subject(0);
        list[lower ? 0 : 1] = RewardLeaf(greedy, 30, 0);
        list[lower ? 1 : 0] = RewardLeaf(subject(0), 40, 0);
        open(list);
        Claim[] memory c = new Claim[](2);
        (c[0], c[1]) = (claimOf(0, fresh, 40), claimOf(0, fresh, 40));
        c[0].subject = greedy;
        RewardProof[] memory proofs = new RewardProof[](2);
        (proofs[0], proofs[1]) = lower ? (proof(0), proof(1)) : (proof(1), proof(0));
        bytes[] memory signatures = new bytes[](2);
        signatures[0] = "greedy";
        signatures[1] = signed(c[1], keys[0]);
        skipped(0, Errors.ContributorRewards_SignatureInvalid.selector);
        relay(c, proofs, signatures, 0);
        assertEq(dollar.balanceOf(fresh), 40);
    }

    /*//////////////////////////////////////////////////////////////
                                 SWEEP
    //////////////////////////////////////////////////////////////*/

    function sweep(RewardProof memory p) private {
        vm.prank(stranger);
        rewards.sweep(dataset, address(dollar), codeKey, p);
    }

    function test_Sweep_PaysWhatLapsedToTheCommons() public {
        address who = provisional(25);
        vm.expectEmit(address(rewards));
        emit IContributorRewards.Swept(dataset, address(dollar), who, 25);
        sweep(proof(0));
        assertEq(dollar.balanceOf(commons), 25);
        nothing(who);
        sweep(proof(0));
        // Who comes later still gets the rest.
        vm.warp(handOver(who, subject(2)));
        claimAs(subject(2), proof(0));
        assertEq(dollar.balanceOf(subject(2)), 35);
    }

    function test_Sweep_RevertGiven_AControllerOrOneThatWaits() public {
        address who = provisional(25);
        uint256 inForceFrom = handOver(who, subject(2));
        bytes memory named = abi.encodeWithSelector(
            Errors.ContributorRewards_ControllerNamed.selector,
            who,
            subject(2)
        );
        expectError(named);
        sweep(proof(0));
        vm.warp(inForceFrom);
        expectError(named);
        sweep(proof(0));
    }

    function test_Sweep_RevertWhen_TheSubjectMayHaveAKey() public {
        RewardLeaf[] memory list = three(10, 20, 30);
        list[1].lapsed = 20;
        open(list);
        expectError(
            abi.encodeWithSelector(Errors.ContributorRewards_NotProvisional.selector, subject(1), codeKey)
        );
        sweep(proof(1));
    }

    function test_Sweep_RevertWhen_NothingLapsedOrTheProofIsWrong() public {
        address who = provisional(0);
        nothing(who);
        sweep(proof(0));
        RewardProof memory p = proof(0);
        p.leaf.lapsed = 60;
        invalid(0);
        sweep(p);
    }

    /*//////////////////////////////////////////////////////////////
                                 FUZZ
    //////////////////////////////////////////////////////////////*/

    /// @dev However the amounts grow and in whatever order people claim, everybody ends with exactly their leaf.
    function testFuzz_Claims_AreExact(uint32[5] memory before, uint32[5] memory more, uint256 order) public {
        uint128[] memory amounts = new uint128[](5);
        for (uint256 i = 0; i < 5; ++i) amounts[i] = 31 + uint128(before[i]);
        dollar.mint(address(this), 1 << 40);
        open(leaves(amounts));
        claimAs(subject(order % 5), proof(order % 5));
        for (uint256 i = 0; i < 5; ++i) amounts[i] += 1 + uint128(more[i]);
        open(leaves(amounts));
        uint256 total = 0;
        for (uint256 i = 0; i < 5; ++i) {
            uint256 who = (i + (order >> 8)) % 5;
            claimAs(subject(who), proof(who));
            assertEq(dollar.balanceOf(subject(who)), amounts[who]);
            total += amounts[who];
        }
        (, uint128 claimed) = rewards.accountOf(dataset, address(dollar));
        assertEq(claimed, total);
    }
}
