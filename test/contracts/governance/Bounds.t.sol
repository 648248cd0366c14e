// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {SalusGovernor} from "../../../contracts/governance/SalusGovernor.sol";
import {SalusTimelock} from "../../../contracts/governance/SalusTimelock.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {GovernanceTest} from "./GovernanceTest.sol";

/// @notice What a governor and its timelock may be set to, at deployment and by vote. The numbers are written out: they are
/// the promise.
contract BoundsTest is GovernanceTest {
    function publicSettings() private view returns (SalusGovernor.Settings memory) {
        return
            SalusGovernor.Settings(2 days, 7 days, 50, 4, 2 days, 2 days, guardian, uint48(block.timestamp));
    }

    function deployed(SalusGovernor.Settings memory s) private returns (SalusGovernor) {
        return new SalusGovernor(token, lock, s);
    }

    function refused(SalusGovernor.Settings memory s, uint256 value, uint256 least, uint256 most) private {
        expectError(abi.encodeWithSelector(Errors.Bounds_Exceeded.selector, value, least, most));
        deployed(s);
    }

    function test_PublicChain_TakesTheDesignsSettings() public {
        vm.chainId(1);
        SalusGovernor g = deployed(publicSettings());
        assertEq(g.votingDelay(), 172_800);
        assertEq(g.votingPeriod(), 604_800);
        assertEq(g.lateQuorumVoteExtension(), 172_800);
        assertEq(g.quorumNumerator(), 4);
        assertEq(g.proposalThresholdBps(), 50);
        assertEq(new SalusTimelock(3 days, address(this)).getMinDelay(), 259_200);
    }

    function test_PublicChain_RevertWhen_VotingDelayIsOutside() public {
        vm.chainId(1);
        SalusGovernor.Settings memory s = publicSettings();
        s.votingDelay = 1 days;
        deployed(s);
        s.votingDelay = 1 days - 1;
        refused(s, 86_399, 86_400, 1_209_600);
        s.votingDelay = 14 days;
        deployed(s);
        s.votingDelay = 14 days + 1;
        refused(s, 1_209_601, 86_400, 1_209_600);
    }

    function test_PublicChain_RevertWhen_VotingPeriodIsOutside() public {
        vm.chainId(1);
        SalusGovernor.Settings memory s = publicSettings();
        s.votingPeriod = 3 days;
        deployed(s);
        s.votingPeriod = 3 days - 1;
        refused(s, 259_199, 259_200, 2_592_000);
        s.votingPeriod = 30 days;
        deployed(s);
        s.votingPeriod = 30 days + 1;
        refused(s, 2_592_001, 259_200, 2_592_000);
    }

    function test_PublicChain_RevertWhen_ExtensionIsOutside() public {
        vm.chainId(1);
        SalusGovernor.Settings memory s = publicSettings();
        s.lateQuorumExtension = 1 days;
        deployed(s);
        s.lateQuorumExtension = 1 days - 1;
        refused(s, 86_399, 86_400, 604_800);
        s.lateQuorumExtension = 7 days;
        deployed(s);
        s.lateQuorumExtension = 7 days + 1;
        refused(s, 604_801, 86_400, 604_800);
    }

    function test_PublicChain_RevertWhen_HoldingPeriodIsOutside() public {
        vm.chainId(1);
        SalusGovernor.Settings memory s = publicSettings();
        s.holdingPeriod = 1 days;
        deployed(s);
        s.holdingPeriod = 1 days - 1;
        refused(s, 86_399, 86_400, 1_209_600);
        s.holdingPeriod = 14 days;
        deployed(s);
        s.holdingPeriod = 14 days + 1;
        refused(s, 1_209_601, 86_400, 1_209_600);
    }

    function test_RevertWhen_ThresholdOrQuorumIsOutside() public {
        SalusGovernor.Settings memory s = settings(guardian, guardianUntil);
        for (uint256 i = 0; i < 2; ++i) {
            (s.proposalThresholdBps, s.quorumPercent) = i == 0 ? (10, 2) : (200, 20);
            deployed(s);
        }
        s.proposalThresholdBps = 9;
        refused(s, 9, 10, 200);
        s.proposalThresholdBps = 201;
        refused(s, 201, 10, 200);
        s.proposalThresholdBps = 50;
        s.quorumPercent = 1;
        refused(s, 1, 2, 20);
        s.quorumPercent = 21;
        refused(s, 21, 2, 20);
    }

    function test_RevertWhen_GuardianStaysLongerThanAYear() public {
        uint48 year = uint48(block.timestamp + 365 days);
        deployed(settings(guardian, year));
        refused(settings(guardian, year + 1), year + 1, 0, year);
    }

    function test_LocalChain_PeriodsMayBeShort_NeverNone() public {
        SalusGovernor.Settings memory s = settings(guardian, guardianUntil);
        (s.votingDelay, s.votingPeriod, s.lateQuorumExtension, s.holdingPeriod) = (1, 1, 1, 1);
        deployed(s);
        s.votingDelay = 0;
        refused(s, 0, 1, 1_209_600);
        s.votingDelay = 1;
        s.holdingPeriod = 0;
        refused(s, 0, 1, 1_209_600);
        // Thresholds are the same everywhere.
        s.holdingPeriod = 1;
        s.quorumPercent = 1;
        refused(s, 1, 2, 20);
    }

    function test_Timelock_RevertWhen_DelayIsOutside() public {
        vm.chainId(1);
        new SalusTimelock(2 days, address(this));
        new SalusTimelock(30 days, address(this));
        expectError(abi.encodeWithSelector(Errors.Bounds_Exceeded.selector, 172_799, 172_800, 2_592_000));
        new SalusTimelock(2 days - 1, address(this));
        expectError(abi.encodeWithSelector(Errors.Bounds_Exceeded.selector, 2_592_001, 172_800, 2_592_000));
        new SalusTimelock(30 days + 1, address(this));
    }

    /*//////////////////////////////////////////////////////////////
                                BY VOTE
    //////////////////////////////////////////////////////////////*/

    function voted(address target, bytes memory call) private {
        proposal(target, call);
        uint256 id = propose(ann);
        passed(id);
        queue();
        vm.warp(block.timestamp + lock.getMinDelay());
    }

    function votedAndRefused(address target, bytes memory call) private {
        voted(target, call);
        vm.expectPartialRevert(Errors.Bounds_Exceeded.selector);
        execute();
    }

    function test_Vote_ChangesSettingsWithinBounds() public {
        voted(address(lock), abi.encodeCall(lock.updateDelay, (1 days)));
        execute();
        assertEq(lock.getMinDelay(), 1 days);
        voted(address(governor), abi.encodeCall(governor.setProposalThreshold, (200)));
        execute();
        assertEq(governor.proposalThreshold(), SUPPLY / 50);
        voted(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (20)));
        execute();
        assertEq(governor.quorumNumerator(), 20);
    }

    function test_Vote_RevertWhen_OutsideBounds() public {
        votedAndRefused(address(lock), abi.encodeCall(lock.updateDelay, (0)));
    }

    function test_Vote_RevertWhen_DelayIsForEver() public {
        votedAndRefused(address(lock), abi.encodeCall(lock.updateDelay, (30 days + 1)));
    }

    function test_PublicChain_Vote_RevertWhen_DelayIsTooShort() public {
        votedOnAPublicChain(2 days - 1);
        expectError(abi.encodeWithSelector(Errors.Bounds_Exceeded.selector, 172_799, 172_800, 2_592_000));
        execute();
    }

    function test_PublicChain_Vote_ShortensTheDelayToTwoDays() public {
        votedOnAPublicChain(2 days);
        execute();
        assertEq(lock.getMinDelay(), 172_800);
    }

    function votedOnAPublicChain(uint256 delay) private {
        voted(address(lock), abi.encodeCall(lock.updateDelay, (delay)));
        vm.chainId(1);
    }

    function test_Vote_RevertWhen_QuorumVanishes() public {
        votedAndRefused(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (1)));
    }

    function test_Vote_RevertWhen_PeriodVanishes() public {
        votedAndRefused(address(governor), abi.encodeCall(governor.setVotingDelay, (0)));
    }

    function test_Vote_RevertWhen_TimelockIsReplacedOrTheGovernorsRightsAreLent() public {
        bytes memory fixed_ = abi.encodeWithSelector(Errors.SalusGovernor_Fixed.selector);
        voted(address(governor), abi.encodeCall(governor.updateTimelock, (TimelockController(payable(ann)))));
        expectError(fixed_);
        execute();
        voted(address(governor), abi.encodeCall(governor.relay, (address(lock), 0, "")));
        expectError(fixed_);
        execute();
    }

    /*//////////////////////////////////////////////////////////////
                               PROPOSERS
    //////////////////////////////////////////////////////////////*/

    function test_Propose_ThresholdFollowsTheSupply() public view {
        assertEq(governor.proposalThreshold(), 50_000e18);
    }

    function test_Propose_TakesTheThresholdExactly() public {
        address dan = address(0xDA1);
        vm.prank(cat);
        token.transfer(dan, 50_000e18 - 1);
        delegate(dan);
        vm.warp(block.timestamp + HOLDING + 1);
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (0)));
        bytes4 tooFew = IGovernor.GovernorInsufficientProposerVotes.selector;
        expectError(abi.encodeWithSelector(tooFew, dan, 50_000e18 - 1, 50_000e18));
        propose(dan);
        vm.prank(cat);
        token.transfer(dan, 1);
        vm.warp(block.timestamp + HOLDING + 1);
        propose(dan);
    }

    function test_Propose_ThresholdKnowsTheSupplyOfASecondAgo() public {
        token.mint(cat, SUPPLY);
        vm.warp(block.timestamp + 1);
        assertEq(governor.proposalThreshold(), 100_000e18);
    }

    function test_Propose_RevertWhen_VotesAreTooFresh() public {
        delegate(cat);
        vm.warp(block.timestamp + HOLDING);
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (0)));
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_VotesTooFresh.selector, cat, 0, 50_000e18));
        propose(cat);
        vm.warp(block.timestamp + 1);
        propose(cat);
    }

    function test_Propose_RevertWhen_OneOfTheProposersIsOpen() public {
        uint256 id = proposeFee(1);
        assertEq(governor.lastProposalOf(ann), id);
        bytes memory open_ = abi.encodeWithSelector(Errors.SalusGovernor_ProposalOpen.selector, ann, id);
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (2)));
        expectError(open_);
        propose(ann);
        open();
        expectError(open_);
        propose(ann);
        // Another one may; and ann again, once hers is decided.
        propose(ben);
        close();
        proposeFee(3);
    }

    /*//////////////////////////////////////////////////////////////
                                  CODE
    //////////////////////////////////////////////////////////////*/

    function test_Propose_RevertWhen_TargetHasNoCode() public {
        proposal(address(0xC0DE), "");
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_NoCode.selector, address(0xC0DE)));
        propose(ann);
    }

    function test_Execute_RevertWhen_TargetsCodeChanged() public {
        address target = address(0xC0DE);
        vm.etch(target, hex"00");
        proposal(target, "");
        uint256 id = propose(ann);
        passed(id);
        queue();
        vm.warp(block.timestamp + DELAY);
        uint256 asReviewed = vm.snapshotState();
        vm.etch(target, hex"5b00");
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_TargetChanged.selector, id));
        execute();
        vm.etch(target, "");
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_NoCode.selector, target));
        execute();
        vm.revertToState(asReviewed);
        execute();
        assertStage(id, IGovernor.ProposalState.Executed);
    }

    function test_Execute_RevertWhen_NotThroughTheGovernor() public {
        uint256 id = proposeFee(1);
        passed(id);
        queue();
        vm.warp(block.timestamp + DELAY);
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (address(escrow), abi.encodeCall(escrow.setFee, (1)));
        bytes32 salt = bytes20(address(governor)) ^ keccak256("why");
        vm.expectPartialRevert(bytes4(keccak256("AccessControlUnauthorizedAccount(address,bytes32)")));
        lock.executeBatch(targets, values, calls, 0, salt);
        execute();
    }

    function test_Propose_FixesTheCodeOfItsTargets() public {
        bytes32[] memory codes = new bytes32[](1);
        codes[0] = address(escrow).codehash;
        assertEq(governor.targetCodeOf(proposeFee(1)), keccak256(abi.encode(codes)));
    }

    function test_RequireCode() public {
        address target = address(0xC0DE);
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_NoCode.selector, target));
        governor.requireCode(target, keccak256(""));
        vm.etch(target, hex"00");
        governor.requireCode(target, keccak256(hex"00"));
        expectError(
            abi.encodeWithSelector(Errors.SalusGovernor_CodeChanged.selector, target, keccak256(hex"01"))
        );
        governor.requireCode(target, keccak256(hex"01"));
    }
}
