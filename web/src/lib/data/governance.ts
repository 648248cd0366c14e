import { ProposalsDocument, type ProposalsQuery } from "@salus/sdk/generated/queries";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { ProposalState, ProposalSummary } from "./types.ts";

type Proposal = ProposalsQuery["proposals"][number];

/** Proposals with their votes, newest first, as far as events tell: see {@link stateByEvents}. */
export async function listProposals(graph: GraphClient, now: number): Promise<ProposalSummary[]> {
  const { proposals } = await ask(graph, ProposalsDocument, {});
  return proposals.map((proposal) => summaryOf(proposal, now));
}

/** A proposal as lists show it. @param now seconds since 1970 */
export function summaryOf(proposal: Proposal, now: number): ProposalSummary {
  const ended = proposal.transitions.find(({ state }) => state === "Executed" || state === "Canceled");
  return {
    id: proposal.id as ProposalSummary["id"],
    title: proposal.title,
    state: stateByEvents(proposal, now),
    proposer: proposal.proposer as ProposalSummary["proposer"],
    forVotes: BigInt(proposal.forVotes),
    againstVotes: BigInt(proposal.againstVotes),
    abstainVotes: BigInt(proposal.abstainVotes),
    quorum: null,
    createdAt: Number(proposal.createdAt),
    startsAt: Number(proposal.voteStart),
    endsAt: Number(proposal.voteEnd),
    executableAt: proposal.eta === null ? null : Number(proposal.eta),
    endedAt: ended ? Number(ended.timestamp) : null,
  };
}

/**
 * A proposal's state from its events and the clock. Whether a vote that ended reached its quorum is the governor's to
 * say: until its state was read from the chain, more votes for than against counts as success.
 * @param now seconds since 1970
 */
export function stateByEvents(
  proposal: Pick<Proposal, "state" | "voteStart" | "voteEnd" | "forVotes" | "againstVotes">,
  now: number,
): ProposalState {
  const { state, voteStart, voteEnd } = proposal;
  if (state !== "Proposed") return state;
  if (now <= Number(voteStart)) return "Pending";
  if (now <= Number(voteEnd)) return "Active";
  return BigInt(proposal.forVotes) > BigInt(proposal.againstVotes) ? "Succeeded" : "Defeated";
}
