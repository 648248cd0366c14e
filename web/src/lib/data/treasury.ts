import { TreasuryDocument } from "@salus/sdk/generated/queries";
import type { TreasuryHistory } from "#lib/governance/treasury.ts";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { Hex } from "./types.ts";

/** What the index knows of the treasury: flows, grants and announced payments, latest first. */
export async function readTreasuryHistory(graph: GraphClient): Promise<TreasuryHistory> {
  const { treasuryFlows, grants, treasuryAnnouncements } = await ask(graph, TreasuryDocument, {});
  return {
    flows: treasuryFlows.map(({ id, kind, token, to, amount, balance, timestamp, transaction }) => ({
      id,
      kind,
      token: token.id as Hex,
      to: to as Hex | null,
      amount: BigInt(amount),
      balance: BigInt(balance),
      at: Number(timestamp),
      transaction: transaction as Hex,
    })),
    grants: grants.map(({ id, token, beneficiary, amount, start, end }) => ({
      wallet: id as Hex,
      token: token.id as Hex,
      to: beneficiary as Hex,
      amount: BigInt(amount),
      start: Number(start),
      end: Number(end),
    })),
    announcements: treasuryAnnouncements.map(({ id, token, to, amount, salt, state, ...times }) => ({
      id: id as Hex,
      token: token.id as Hex,
      to: to as Hex,
      amount: BigInt(amount),
      start: BigInt(times.start),
      duration: BigInt(times.duration),
      salt: salt as Hex,
      payableFrom: Number(times.payableFrom),
      payableUntil: Number(times.payableUntil),
      state,
    })),
  };
}
