// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorProposalGuardian} from "@openzeppelin/contracts/governance/extensions/GovernorProposalGuardian.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bounds} from "../libraries/Bounds.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title SalusGovernor
/// @notice OpenZeppelin's Governor: votes by time, quorum by share of supply, execution through the timelock, and a
/// proposal guardian who can only cancel and whose office ends at a fixed time. What is added here:
/// - every setting stays within constant bounds, whatever a vote says; on local chains the periods may be short;
/// - the threshold is a share of the supply, so that it keeps its meaning when tokens are issued;
/// - a proposer holds enough votes now and held them some time ago, and has one open proposal at a time, so that a
///   list of proposals cannot be buried under a loan or under votes handed on from account to account;
/// - what was accepted lapses when nobody carries it out in time, so that no vote is kept for a day on which it would fail;
/// - the code of every target is fixed when the proposal is made, and `requireCode` fixes that of others;
/// - the timelock is the governor's for ever, and the governor makes no calls of its own.
contract SalusGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl,
    GovernorProposalGuardian
{
    /// @notice Periods in seconds, threshold in basis points of the supply, quorum in percent of the supply.
    struct Settings {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThresholdBps;
        uint256 quorumPercent;
        uint48 lateQuorumExtension;
        /// @dev How long ago a proposer must have had the votes already.
        uint48 holdingPeriod;
        address guardian;
        uint48 guardianUntil;
    }

    uint256 public constant MIN_VOTING_DELAY = 1 days;
    uint256 public constant MAX_VOTING_DELAY = 14 days;
    uint256 public constant MIN_VOTING_PERIOD = 3 days;
    uint256 public constant MAX_VOTING_PERIOD = 30 days;
    uint256 public constant MIN_THRESHOLD_BPS = 10;
    uint256 public constant MAX_THRESHOLD_BPS = 200;
    uint256 public constant MIN_QUORUM_PERCENT = 2;
    uint256 public constant MAX_QUORUM_PERCENT = 20;
    uint256 public constant MIN_LATE_QUORUM_EXTENSION = 1 days;
    uint256 public constant MAX_LATE_QUORUM_EXTENSION = 7 days;
    uint256 public constant MIN_HOLDING_PERIOD = 1 days;
    uint256 public constant MAX_HOLDING_PERIOD = 14 days;
    uint256 public constant MAX_GUARDIAN_TERM = 365 days;
    /// @notice How long an accepted proposal can be queued, and a queued one carried out, each from when it first can.
    uint256 public constant PROPOSAL_LIFE = 30 days;
    uint256 private constant WHOLE_BPS = 10_000;

    /// @notice When the guardian's office ends, whoever holds it. Nothing moves it.
    uint48 public immutable guardianUntil;
    /// @notice How long ago, in seconds, a proposer must have had the votes already.
    uint48 public immutable holdingPeriod;

    /// @notice The proposal that an account made last; none before its first.
    mapping(address proposer => uint256 proposalId) public lastProposalOf;
    /// @notice What the code of a proposal's targets hashed to when it was made, in their order.
    mapping(uint256 proposalId => bytes32) public targetCodeOf;

    constructor(
        IVotes token,
        TimelockController timelock,
        Settings memory s
    )
        Governor("Salus Governor")
        GovernorSettings(s.votingDelay, s.votingPeriod, s.proposalThresholdBps)
        GovernorVotes(token)
        GovernorVotesQuorumFraction(s.quorumPercent)
        GovernorPreventLateQuorum(s.lateQuorumExtension)
        GovernorTimelockControl(timelock)
    {
        Bounds.checkPeriod(s.holdingPeriod, MIN_HOLDING_PERIOD, MAX_HOLDING_PERIOD);
        holdingPeriod = s.holdingPeriod;
        Bounds.check(s.guardianUntil, 0, block.timestamp + MAX_GUARDIAN_TERM);
        guardianUntil = s.guardianUntil;
        if (s.guardian != address(0)) _setProposalGuardian(s.guardian);
    }

    /*//////////////////////////////////////////////////////////////
                               PROPOSALS
    //////////////////////////////////////////////////////////////*/

    /// @notice Reverts unless an account has exactly this code. A proposal that names contracts in its arguments calls it
    /// first: so nothing that voters reviewed can be another thing when the time comes.
    function requireCode(address account, bytes32 codeHash) external view {
        if (account.code.length == 0) revert Errors.SalusGovernor_NoCode(account);
        if (account.codehash != codeHash) revert Errors.SalusGovernor_CodeChanged(account, codeHash);
    }

    /// @notice Votes that a proposal takes, in 10⁻¹⁸ tokens.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return Math.mulDiv(token().getPastTotalSupply(clock() - 1), proposalThresholdBps(), WHOLE_BPS);
    }

    /// @notice Votes that a proposal takes, in basis points of the supply.
    function proposalThresholdBps() public view returns (uint256) {
        return super.proposalThreshold();
    }

    /// @notice The guardian while in office, afterwards nobody.
    function proposalGuardian() public view override returns (address) {
        return block.timestamp < guardianUntil ? super.proposalGuardian() : address(0);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        // Check: held before, and nothing of the proposer's is being decided.
        uint256 threshold = proposalThreshold();
        uint256 held = getVotes(proposer, clock() - 1 - holdingPeriod);
        if (held < threshold) revert Errors.SalusGovernor_VotesTooFresh(proposer, held, threshold);
        uint256 last = lastProposalOf[proposer];
        if (last != 0 && _isOpen(state(last))) revert Errors.SalusGovernor_ProposalOpen(proposer, last);
        // Effect
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        lastProposalOf[proposer] = proposalId;
        targetCodeOf[proposalId] = _codeOf(targets);
    }

    function _isOpen(ProposalState s) private pure returns (bool) {
        return s == ProposalState.Pending || s == ProposalState.Active;
    }

    /// @dev A target without code is refused: what could stand there later, nobody could review.
    function _codeOf(address[] memory targets) private view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](targets.length);
        for (uint256 i = 0; i < targets.length; ++i) {
            if (targets[i].code.length == 0) revert Errors.SalusGovernor_NoCode(targets[i]);
            hashes[i] = targets[i].codehash;
        }
        return keccak256(abi.encode(hashes));
    }

    /// @notice As OpenZeppelin has it; one that was accepted and not carried out in time has expired.
    function state(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (ProposalState s) {
        s = super.state(proposalId);
        uint256 from;
        if (s == ProposalState.Succeeded) from = proposalDeadline(proposalId);
        else if (s == ProposalState.Queued) from = proposalEta(proposalId);
        else return s;
        if (block.timestamp > from + PROPOSAL_LIFE) return ProposalState.Expired;
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        if (_codeOf(targets) != targetCodeOf[proposalId]) {
            revert Errors.SalusGovernor_TargetChanged(proposalId);
        }
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /*//////////////////////////////////////////////////////////////
                                SETTINGS
    //////////////////////////////////////////////////////////////*/

    function _setVotingDelay(uint48 seconds_) internal override {
        Bounds.checkPeriod(seconds_, MIN_VOTING_DELAY, MAX_VOTING_DELAY);
        super._setVotingDelay(seconds_);
    }

    function _setVotingPeriod(uint32 seconds_) internal override {
        Bounds.checkPeriod(seconds_, MIN_VOTING_PERIOD, MAX_VOTING_PERIOD);
        super._setVotingPeriod(seconds_);
    }

    /// @dev In basis points: `proposalThreshold` turns them into votes.
    function _setProposalThreshold(uint256 bps) internal override {
        Bounds.check(bps, MIN_THRESHOLD_BPS, MAX_THRESHOLD_BPS);
        super._setProposalThreshold(bps);
    }

    function _updateQuorumNumerator(uint256 percent) internal override {
        Bounds.check(percent, MIN_QUORUM_PERCENT, MAX_QUORUM_PERCENT);
        super._updateQuorumNumerator(percent);
    }

    function _setLateQuorumVoteExtension(uint48 seconds_) internal override {
        Bounds.checkPeriod(seconds_, MIN_LATE_QUORUM_EXTENSION, MAX_LATE_QUORUM_EXTENSION);
        super._setLateQuorumVoteExtension(seconds_);
    }

    /// @notice Nobody: another timelock would be one without delay, or one without the rights.
    function updateTimelock(TimelockController) public pure override {
        revert Errors.SalusGovernor_Fixed();
    }

    /// @notice Nobody: the governor's own rights, to queue and to cancel, are not lent.
    function relay(address, uint256, bytes calldata) public payable override {
        revert Errors.SalusGovernor_Fixed();
    }

    /*//////////////////////////////////////////////////////////////
                     WHAT OPENZEPPELIN WANTS NAMED
    //////////////////////////////////////////////////////////////*/

    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _validateCancel(
        uint256 proposalId,
        address caller
    ) internal view override(Governor, GovernorProposalGuardian) returns (bool) {
        return super._validateCancel(proposalId, caller);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
