import { ProposalDocument } from "@salus/sdk/generated/queries";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import { parseAssetId } from "./asset-words.ts";
import { summaryOf } from "./governance.ts";
import type { Hex, ProposalSummary, VoteChoice } from "./types.ts";

/** One vote. */
export interface VoteView {
  voter: Hex;
  support: VoteChoice;
  /** In 10⁻¹⁸ tokens. */
  weight: bigint;
  reason: string;
  at: number;
}

/** What a proposal calls, as the governor keeps it. */
export interface CallData {
  target: Hex;
  data: Hex;
  value: bigint;
}

/** A proposal with its text and its votes, heaviest first. */
export interface ProposalDetail extends ProposalSummary {
  /** Markdown as it was proposed. */
  description: string;
  votes: VoteView[];
  calls: CallData[];
}

/** A proposal's id as 32 bytes, from an address of a page; null when it is none. */
export const parseProposalId = parseAssetId;

/** One proposal; null when the index has none of that id. @param now seconds since 1970 */
export async function readProposal(graph: GraphClient, id: Hex, now: number): Promise<ProposalDetail | null> {
  const { proposal } = await ask(graph, ProposalDocument, { id });
  if (!proposal) return null;
  return {
    ...summaryOf(proposal, now),
    description: proposal.description,
    votes: proposal.votes.map(({ voter, support, weight, reason, timestamp }) => ({
      voter: voter as Hex,
      support,
      weight: BigInt(weight),
      reason: reason ?? "",
      at: Number(timestamp),
    })),
    calls: proposal.targets.map((target, index) => ({
      target: target as Hex,
      data: (proposal.calldatas[index] ?? "0x") as Hex,
      value: BigInt(proposal.values[index] ?? 0),
    })),
  };
}
