import { Address, BigInt, ethereum } from "@graphprotocol/graph-ts";
import { Proposal, Vote } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** OpenZeppelin's GovernorCountingSimple: 0 against, 1 for, 2 abstain. */
const AGAINST = 0;
const FOR = 1;

/** A vote and its place in the tally. The governor lets each account vote once. */
export function castVote(
  proposal: Proposal,
  voter: Address,
  support: i32,
  weight: BigInt,
  reason: string,
  event: ethereum.Event,
): void {
  const vote = new Vote(proposal.id.concat(voter));
  vote.proposal = proposal.id;
  vote.voter = voter;
  vote.support = support == AGAINST ? "Against" : support == FOR ? "For" : "Abstain";
  vote.weight = weight;
  vote.reason = reason;
  stamp(vote, event);
  vote.save();
  count(proposal, support, weight);
}

function count(proposal: Proposal, support: i32, weight: BigInt): void {
  if (support == AGAINST) proposal.againstVotes = proposal.againstVotes.plus(weight);
  else if (support == FOR) proposal.forVotes = proposal.forVotes.plus(weight);
  else proposal.abstainVotes = proposal.abstainVotes.plus(weight);
  proposal.voterCount += 1;
  proposal.save();
}
