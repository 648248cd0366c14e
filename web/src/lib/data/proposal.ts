import { ProposalDocument } from "@salus/sdk/generated/queries";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import { parseAssetId } from "./asset-words.ts";
import { stateByEvents } from "./governance.ts";
import type { Hex, ProposalState } from "./types.ts";

/** One vote. */
export interface VoteView {
  voter: Hex;
  support: "Against" | "For" | "Abstain";
  weight: bigint;
  reason: string;
  at: number;
}

/** A proposal with its text and its votes, heaviest first. */
export interface ProposalDetail {
  id: Hex;
  title: string;
  state: ProposalState;
  /** Markdown as it was proposed. */
  description: string;
  proposer: Hex;
  startsAt: number;
  endsAt: number;
  /** When it may be carried out, once it waits for that. */
  executableAt: number | null;
  votes: VoteView[];
  calls: { target: Hex; data: Hex }[];
}

/** One proposal; null when there is none of that id. @param now seconds since 1970 */
export async function readProposal(
  graph: GraphClient,
  text: string,
  now: number,
): Promise<ProposalDetail | null> {
  const id = parseAssetId(text);
  if (!id) return null;
  const { proposal } = await ask(graph, ProposalDocument, { id });
  if (!proposal) return null;
  return {
    id,
    title: proposal.title,
    state: stateByEvents(proposal, now),
    description: proposal.description,
    proposer: proposal.proposer,
    startsAt: Number(proposal.voteStart),
    endsAt: Number(proposal.voteEnd),
    executableAt: proposal.eta === null ? null : Number(proposal.eta),
    votes: proposal.votes.map(({ voter, support, weight, reason, timestamp }) => ({
      voter,
      support,
      weight: BigInt(weight),
      reason: reason ?? "",
      at: Number(timestamp),
    })),
    calls: proposal.targets.map((target, index) => ({
      target: target as Hex,
      data: (proposal.calldatas[index] ?? "0x") as Hex,
    })),
  };
}
