import { ProposalsDocument, type ProposalsQuery } from "@salus/sdk/generated/queries";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { ProposalState, ProposalSummary } from "./types.ts";

type Proposal = ProposalsQuery["proposals"][number];

/** Proposals with their votes, newest first, as far as events tell: see {@link stateByEvents}. */
export async function listProposals(graph: GraphClient, now: number): Promise<ProposalSummary[]> {
  const { proposals } = await ask(graph, ProposalsDocument, {});
  return proposals.map((proposal) => ({
    id: proposal.id,
    title: proposal.title,
    state: stateByEvents(proposal, now),
    forVotes: BigInt(proposal.forVotes),
    againstVotes: BigInt(proposal.againstVotes),
    abstainVotes: BigInt(proposal.abstainVotes),
    endsAt: Number(proposal.voteEnd),
  }));
}

/**
 * A proposal's state from its events and the clock. Whether a vote that ended reached its quorum is the governor's to
 * say: until its state was read from the chain, more votes for than against counts as success.
 * @param now seconds since 1970
 */
export function stateByEvents(proposal: Proposal, now: number): ProposalState {
  const { state, voteStart, voteEnd } = proposal;
  if (state !== "Proposed") return state;
  if (now <= Number(voteStart)) return "Pending";
  if (now <= Number(voteEnd)) return "Active";
  return BigInt(proposal.forVotes) > BigInt(proposal.againstVotes) ? "Succeeded" : "Defeated";
}
