// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {GatewaySignature} from "../../../contracts/types/OrderTypes.sol";
import {HeldRoot, RewardRoot} from "../../../contracts/types/RewardTypes.sol";
import {FeeToken, PlainToken} from "../support/Tokens.sol";
import {RewardsTest} from "./RewardsTest.sol";

contract PostTest is RewardsTest {
    function setUp() public override {
        super.setUp();
        fundUpTo(60);
    }

    function refused(RewardRoot memory r, GatewaySignature[] memory s, bytes memory data) private {
        expectError(data);
        rewards.postRoot(r, s);
    }

    function out(uint40 given) private view returns (bytes memory) {
        uint40 latest = rewards.lastRoot(dataset, address(dollar)).epoch;
        return
            abi.encodeWithSelector(
                Errors.ContributorRewards_EpochOutOfRange.selector,
                latest,
                block.number,
                given
            );
    }

    /*//////////////////////////////////////////////////////////////
                                 FUND
    //////////////////////////////////////////////////////////////*/

    function test_Fund_RevertWhen_AmountIsZero() public {
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_AmountZero.selector));
        rewards.fund(dataset, address(dollar), 0);
    }

    function test_Fund_RevertWhen_TokenKeepsAPart() public {
        FeeToken token = new FeeToken();
        token.mint(address(this), 100);
        token.approve(address(rewards), 100);
        expectError(abi.encodeWithSelector(Errors.ContributorRewards_TokenDeltaMismatch.selector, 100, 99));
        rewards.fund(dataset, address(token), 100);
    }

    function test_Fund_RevertWhen_MoreThanTheContractCanCount() public {
        PlainToken token = new PlainToken();
        token.mint(address(this), type(uint256).max);
        token.approve(address(rewards), type(uint256).max);
        vm.expectPartialRevert(bytes4(keccak256("SafeCastOverflowedUintDowncast(uint8,uint256)")));
        rewards.fund(dataset, address(token), 1 << 128);
    }

    function test_Funds() public {
        vm.expectEmit(address(rewards));
        emit IContributorRewards.Funded(dataset, address(dollar), address(this), 40);
        rewards.fund(dataset, address(dollar), 40);
        (uint128 funded, uint128 claimed) = rewards.accountOf(dataset, address(dollar));
        assertEq(funded, 100);
        assertEq(claimed, 0);
        (funded, ) = rewards.accountOf(dataset + 1, address(dollar));
        assertEq(funded, 0);
        assertEq(dollar.balanceOf(address(rewards)), 100);
    }

    /*//////////////////////////////////////////////////////////////
                                 POST
    //////////////////////////////////////////////////////////////*/

    function test_Post_RevertWhen_EpochIsNotOfThePast() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        r.epoch = uint40(block.number);
        refused(r, signed(r, 1, 2), out(r.epoch));
    }

    function test_Post_RevertWhen_EpochIsNotNew() public {
        RewardRoot memory r = post(three(10, 20, 30));
        passWindow();
        refused(r, signed(r, 1, 2), out(r.epoch));
        r.epoch -= 1;
        refused(r, signed(r, 1, 2), out(r.epoch));
    }

    function test_Post_RevertWhen_RootIsEmpty() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        bytes memory empty = abi.encodeWithSelector(Errors.ContributorRewards_RootEmpty.selector);
        (bytes32 hash, uint32 count) = (r.root, r.count);
        r.root = 0;
        refused(r, signed(r, 1, 2), empty);
        (r.root, r.count) = (hash, 0);
        refused(r, signed(r, 1, 2), empty);
        r.count = count;
        rewards.postRoot(r, signed(r, 1, 2));
    }

    function test_Post_RevertGiven_OneIsPending() public {
        RewardRoot memory pending = post(three(10, 20, 30));
        RewardRoot memory r = rootOf(three(10, 20, 30));
        bytes memory data = abi.encodeWithSelector(
            Errors.ContributorRewards_RootPending.selector,
            pending.epoch,
            block.timestamp + CHALLENGE
        );
        refused(r, signed(r, 1, 2), data);
        vm.warp(block.timestamp + CHALLENGE - 1);
        refused(r, signed(r, 1, 2), data);
        vm.warp(block.timestamp + 1);
        rewards.postRoot(r, signed(r, 1, 2));
    }

    /// @dev Regression "unfunded root".
    function test_Post_RevertWhen_MoreThanFunded() public {
        RewardRoot memory r = rootOf(three(10, 20, 31));
        bytes memory data = abi.encodeWithSelector(Errors.ContributorRewards_NotFunded.selector, 60, 61);
        refused(r, signed(r, 1, 2), data);
    }

    /// @dev Regression "colluding set posts another dataset's money": a funded neighbour does not help.
    function test_Post_RevertWhen_TheMoneyIsAnotherDatasets() public {
        uint256 other = listDataset(bytes32("other"));
        rewards.fund(other, address(dollar), 1_000);
        RewardRoot memory r = rootOf(three(10, 20, 31));
        refused(
            r,
            signed(r, 1, 2),
            abi.encodeWithSelector(Errors.ContributorRewards_NotFunded.selector, 60, 61)
        );
        r.token = address(0x70);
        refused(
            r,
            signed(r, 1, 2),
            abi.encodeWithSelector(Errors.ContributorRewards_NotFunded.selector, 0, 61)
        );
    }

    function test_Post_RevertWhen_TotalFalls() public {
        open(three(10, 20, 30));
        RewardRoot memory r = rootOf(three(10, 20, 29));
        bytes memory data = abi.encodeWithSelector(Errors.ContributorRewards_TotalDecreased.selector, 60, 59);
        refused(r, signed(r, 1, 2), data);
        // Nor behind a root that fell.
        r = post(three(20, 10, 30));
        rewards.challengeDecrease(dataset, address(dollar), proof(1), proofOf(three(20, 10, 30), 1));
        r = rootOf(three(10, 20, 29));
        refused(r, signed(r, 1, 2), data);
    }

    function test_Post_RevertWhen_TooFewSign() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        refused(
            r,
            signed(r, 1, 0),
            abi.encodeWithSelector(Errors.ContributorRewards_TooFewSigners.selector, 2, 1)
        );
    }

    function test_Post_RevertWhen_DatasetIsUnknown() public {
        RewardRoot memory r = rootOf(three(0, 0, 0));
        r.dataset = 99;
        refused(
            r,
            signed(r, 1, 2),
            abi.encodeWithSelector(Errors.ContributorRewards_TooFewSigners.selector, 0, 2)
        );
    }

    function test_Post_RevertWhen_SignersAreNotSorted() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        bytes4 unsorted = Errors.ContributorRewards_SignersNotSorted.selector;
        refused(r, signed(r, 2, 1), abi.encodeWithSelector(unsorted, 2, 1));
        refused(r, signed(r, 2, 2), abi.encodeWithSelector(unsorted, 2, 2));
    }

    /// @dev Regression "colluding set posts another dataset's money".
    function test_Post_RevertWhen_ASignerIsOutsideTheSet() public {
        vm.prank(timelock);
        admit(4);
        RewardRoot memory r = rootOf(three(10, 20, 30));
        refused(
            r,
            signed(r, 1, 4),
            abi.encodeWithSelector(Errors.ContributorRewards_SignerOutsideSet.selector, 4)
        );
    }

    function test_Post_RevertWhen_SignatureIsWrong() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        GatewaySignature[] memory s = signed(r, 1, 2);
        bytes memory data = abi.encodeWithSelector(
            Errors.ContributorRewards_GatewaySignatureInvalid.selector,
            2
        );
        s[1].signature = s[0].signature;
        refused(r, s, data);
        s = signed(r, 1, 2);
        vm.prank(timelock);
        gateways.remove(2);
        refused(r, s, data);
    }

    function test_Post_RevertWhen_AnyMemberIsChangedAfterSigning() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        GatewaySignature[] memory s = signed(r, 1, 2);
        bytes memory data = abi.encodeWithSelector(
            Errors.ContributorRewards_GatewaySignatureInvalid.selector,
            1
        );
        r.leafFile = 0;
        refused(r, s, data);
        r.leafFile = keccak256("leaf file");
        r.count += 1;
        refused(r, s, data);
        r.count -= 1;
        r.epoch += 1;
        refused(r, s, data);
        r.epoch -= 1;
        r.total -= 1;
        refused(r, s, data);
    }

    function test_Posts() public {
        RewardRoot memory r = rootOf(three(10, 20, 30));
        uint16[] memory signers = new uint16[](2);
        (signers[0], signers[1]) = (1, 3);
        uint40 claimableAt = uint40(block.timestamp + CHALLENGE);
        vm.expectEmit(address(rewards));
        emit IContributorRewards.RootPosted(
            dataset,
            address(dollar),
            r.epoch,
            r.root,
            60,
            3,
            r.leafFile,
            claimableAt,
            signers
        );
        vm.prank(stranger);
        rewards.postRoot(r, signed(r, 1, 3));
        HeldRoot memory held = rewards.lastRoot(dataset, address(dollar));
        assertEq(held.hash, r.root);
        assertEq(held.total, 60);
        assertEq(held.count, 3);
        assertEq(held.claimableAt, claimableAt);
        assertEq(rewards.hashRoot(r), digest(r));
    }

    function test_Post_TheOldRootStaysClaimableMeanwhile() public {
        open(three(10, 20, 20));
        bytes32 old = last();
        post(three(15, 20, 25));
        assertEq(claimable(), old);
        passWindow();
        assertEq(claimable(), last());
        assertTrue(claimable() != old);
    }

    /// @dev No bypass: not for the vote, the commons, the curator, an operator or a signer.
    function test_Post_NobodyPassesTheWindowOrTheThreshold() public {
        address[5] memory actors = [timelock, commons, curator, operator(1), signer(1)];
        for (uint256 i = 0; i < actors.length; ++i) {
            RewardRoot memory r = rootOf(three(10, 20, 30));
            vm.startPrank(actors[i]);
            refused(
                r,
                signed(r, 1, 0),
                abi.encodeWithSelector(Errors.ContributorRewards_TooFewSigners.selector, 2, 1)
            );
            vm.stopPrank();
        }
        RewardRoot memory pending = post(three(10, 20, 30));
        for (uint256 i = 0; i < actors.length; ++i) {
            RewardRoot memory r = rootOf(three(60, 0, 0));
            vm.startPrank(actors[i]);
            refused(
                r,
                signed(r, 1, 2),
                abi.encodeWithSelector(
                    Errors.ContributorRewards_RootPending.selector,
                    pending.epoch,
                    block.timestamp + CHALLENGE
                )
            );
            vm.stopPrank();
        }
        assertEq(claimable(), 0);
    }
}
