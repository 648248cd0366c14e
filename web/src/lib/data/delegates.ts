import { DelegatesDocument } from "@salus/sdk/generated/queries";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { Hex } from "./types.ts";

/** Somebody through whom tokens vote. */
export interface DelegateView {
  account: Hex;
  /** Votes that they have now, in 10⁻¹⁸ tokens. */
  votes: bigint;
  /** How many holders delegate to them, themselves included. */
  holders: number;
  changedAt: number;
}

/** Everybody through whom tokens vote now, heaviest first. */
export async function listDelegates(graph: GraphClient): Promise<DelegateView[]> {
  const { delegates } = await ask(graph, DelegatesDocument, {});
  return delegates
    .map(({ id, votes, delegatorCount, changedAt }) => ({
      account: id as Hex,
      votes: BigInt(votes),
      holders: delegatorCount,
      changedAt: Number(changedAt),
    }))
    .filter(({ votes }) => votes > 0n);
}
