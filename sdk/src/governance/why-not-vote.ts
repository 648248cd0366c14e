import { isAddressEqual, type Address } from "viem";
import type { VotingStanding } from "./read-voting-standing.ts";
import type { Voter } from "./read-voter.ts";

/** Why an account cannot vote on a proposal. */
export type NoVoteReason =
  /** voting has not started; votes that are delegated by then count */
  | "NotStarted"
  | "Ended"
  | "Canceled"
  | "AlreadyVoted"
  /** holds no tokens, and nobody delegates to it */
  | "NoTokens"
  /** holds tokens that vote through nobody */
  | "NotDelegated"
  /** its tokens vote through another account */
  | "DelegatedToOther"
  /** has votes now, but had none when voting began */
  | "DelegatedTooLate";

/**
 * Why an account cannot vote on a proposal; null when it can.
 *
 * @example
 * const reason = whyNotVote(account, await readVoter(salus, account), await readVotingStanding(salus, id, account));
 */
export function whyNotVote(account: Address, voter: Voter, standing: VotingStanding): NoVoteReason | null {
  if (standing.voted) return "AlreadyVoted";
  if (standing.state === "Canceled") return "Canceled";
  if (standing.state === "Pending") return "NotStarted";
  if (standing.state !== "Active") return "Ended";
  return (standing.votes ?? 0n) > 0n ? null : whyNoVotes(account, voter);
}

/** Why an account has no votes of any weight; that it has some now means that they came too late. */
export function whyNoVotes(
  account: Address,
  { balance, delegate, votes }: Voter,
): Extract<NoVoteReason, "NoTokens" | "NotDelegated" | "DelegatedToOther" | "DelegatedTooLate"> {
  if (votes > 0n) return "DelegatedTooLate";
  if (balance === 0n) return "NoTokens";
  if (delegate === null) return "NotDelegated";
  return isAddressEqual(delegate, account) ? "DelegatedTooLate" : "DelegatedToOther";
}
