import type { NoVoteReason } from "@salus/sdk/governance/why-not-vote";
import type { Tone } from "#lib/components/tone.ts";
import type { ProposalState, VoteChoice } from "#lib/data/types.ts";

/** What a proposal's state is called. */
export const STATE_WORDS: Record<ProposalState, { label: string; tone: Tone }> = {
  Pending: { label: "Voting not open yet", tone: "plain" },
  Active: { label: "Voting", tone: "info" },
  Canceled: { label: "Canceled", tone: "plain" },
  Defeated: { label: "Not accepted", tone: "bad" },
  Succeeded: { label: "Accepted", tone: "good" },
  Queued: { label: "Accepted, waiting", tone: "info" },
  Expired: { label: "Expired", tone: "plain" },
  Executed: { label: "Carried out", tone: "good" },
};

/** States after which nothing more happens. */
export function isOver(state: ProposalState): boolean {
  return state === "Canceled" || state === "Defeated" || state === "Expired" || state === "Executed";
}

/** Why somebody cannot vote, with what to do about it. */
export const NO_VOTE_WORDS: Record<NoVoteReason, { title: string; remedy: string }> = {
  NotStarted: {
    title: "You cannot vote yet: voting has not opened.",
    remedy: "Votes that are yours when it opens will count.",
  },
  Ended: {
    title: "You cannot vote any more: voting has ended.",
    remedy: "You can vote on the next proposal.",
  },
  Canceled: {
    title: "You cannot vote on this: it was canceled.",
    remedy: "Its proposer can propose it again.",
  },
  AlreadyVoted: {
    title: "You have voted.",
    remedy: "A vote cannot be changed.",
  },
  NoTokens: {
    title: "You cannot vote on this: you hold no Salus tokens, and nobody gave you theirs to vote with.",
    remedy: "You can read everything here, and ask a delegate to speak for you.",
  },
  NotDelegated: {
    title: "You cannot vote on this: your tokens were not delegated when voting began.",
    remedy:
      "Delegate them now, to yourself or to somebody you trust, and they count from the next proposal on.",
  },
  DelegatedToOther: {
    title: "You cannot vote on this: your tokens vote through somebody else.",
    remedy: "Delegate them to yourself, and you vote from the next proposal on.",
  },
  DelegatedTooLate: {
    title: "You cannot vote on this: your votes came to you after voting began.",
    remedy: "They count from the next proposal on.",
  },
};

/** Choices in the order in which they are offered. */
export const CHOICES: readonly { value: VoteChoice; label: string; hint: string }[] = [
  { value: "For", label: "For", hint: "It should be carried out." },
  { value: "Against", label: "Against", hint: "It should not." },
  { value: "Abstain", label: "Abstain", hint: "You leave it to others. It still counts towards the quorum." },
];

/** For whoever has no coin of the chain's own. */
export const CARRIED_WORDS =
  "You need no coin for this: you only sign. A gateway puts it on record for you, free of charge, and cannot change a word of it.";
