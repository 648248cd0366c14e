import {
  LateQuorumVoteExtensionSet,
  ProposalCanceled,
  ProposalCreated,
  ProposalExecuted,
  ProposalExtended,
  ProposalGuardianSet,
  ProposalQueued,
  ProposalThresholdSet,
  QuorumNumeratorUpdated,
  TimelockChange,
  VoteCast,
  VoteCastWithParams,
  VotingDelaySet,
  VotingPeriodSet,
} from "../../generated/SalusGovernor/SalusGovernor";
import { Proposal } from "../../generated/schema";
import { setNumber, setParameter } from "../entities/parameter";
import { createProposal, enterProposal } from "../entities/proposal";
import { castVote } from "../entities/vote";
import { wordId } from "../lib/ids";

export function handleProposalCreated(event: ProposalCreated): void {
  createProposal(event);
}

export function handleProposalQueued(event: ProposalQueued): void {
  const proposal = Proposal.load(wordId(event.params.proposalId));
  if (!proposal) return;
  proposal.eta = event.params.etaSeconds;
  enterProposal(proposal, "Queued", event);
}

export function handleProposalExecuted(event: ProposalExecuted): void {
  const proposal = Proposal.load(wordId(event.params.proposalId));
  if (!proposal) return;
  proposal.executedIn = event.transaction.hash;
  enterProposal(proposal, "Executed", event);
}

export function handleProposalCanceled(event: ProposalCanceled): void {
  const proposal = Proposal.load(wordId(event.params.proposalId));
  if (proposal) enterProposal(proposal, "Canceled", event);
}

export function handleProposalExtended(event: ProposalExtended): void {
  const proposal = Proposal.load(wordId(event.params.proposalId));
  if (!proposal) return;
  proposal.voteEnd = event.params.extendedDeadline;
  proposal.save();
}

export function handleVoteCast(event: VoteCast): void {
  const vote = event.params;
  const proposal = Proposal.load(wordId(vote.proposalId));
  if (proposal) castVote(proposal, vote.voter, vote.support, vote.weight, vote.reason, event);
}

export function handleVoteCastWithParams(event: VoteCastWithParams): void {
  const vote = event.params;
  const proposal = Proposal.load(wordId(vote.proposalId));
  if (proposal) castVote(proposal, vote.voter, vote.support, vote.weight, vote.reason, event);
}

export function handleVotingDelaySet(event: VotingDelaySet): void {
  setNumber("SalusGovernor.votingDelay", event.params.newVotingDelay, event);
}

export function handleVotingPeriodSet(event: VotingPeriodSet): void {
  setNumber("SalusGovernor.votingPeriod", event.params.newVotingPeriod, event);
}

export function handleProposalThresholdSet(event: ProposalThresholdSet): void {
  setNumber("SalusGovernor.proposalThreshold", event.params.newProposalThreshold, event);
}

export function handleQuorumNumeratorUpdated(event: QuorumNumeratorUpdated): void {
  setNumber("SalusGovernor.quorumPercent", event.params.newQuorumNumerator, event);
}

export function handleLateQuorumVoteExtensionSet(event: LateQuorumVoteExtensionSet): void {
  setNumber("SalusGovernor.lateQuorumExtension", event.params.newVoteExtension, event);
}

export function handleProposalGuardianSet(event: ProposalGuardianSet): void {
  setParameter("SalusGovernor.proposalGuardian", event.params.newProposalGuardian.toHexString(), event);
}

export function handleTimelockChange(event: TimelockChange): void {
  setParameter("SalusGovernor.timelock", event.params.newTimelock.toHexString(), event);
}
