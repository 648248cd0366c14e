import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { readCheckpoint } from "../checkpoints/read-checkpoint.ts";
import { getAccessLog } from "../gateway/get-access-log.ts";
import { addressOf, type GatewayTarget, type RequestSigner } from "../gateway/requests.ts";
import type { AccessLogEntry } from "../gateway/types.ts";
import { entryLeaf } from "./entry.ts";
import { MOST_PROMISE } from "./promise.ts";
import { verifyInclusion } from "./verify-proof.ts";

/** Entries that a gateway tells at once, newest first. */
export const MOST_ENTRIES = 1000;

/**
 * How an entry of a subject's access history stands: `proven` on chain; `pending`, since no checkpoint covers it yet and
 * its time has not run out; `missing`, since a checkpoint covers its place and does not hold it, or its time has run out.
 */
export type ProofState = "proven" | "pending" | "missing";

export type ProvenEntry = AccessLogEntry & { state: ProofState };

/** A subject's access history at one gateway. */
export type AccessHistory = {
  entries: ProvenEntry[];
  /** orders that the chain says concerned the subject's dataset version and on which the gateway tells no decision */
  untold: Hex[];
};

/** What entries are held against: the gateway's newest checkpoint on chain, none for a log that has none. */
export type HistoryBasis = {
  dataset: bigint;
  subject: Address;
  checkpoint: { size: number; root: Hex } | undefined;
  /** seconds since 1970 */
  now: number;
};

/**
 * A subject's access history at a gateway, each entry held against the chain.
 *
 * @param expected orders that must have an entry: those of whose receipts the chain tells, on versions with the subject
 * @throws GatewayRequestError; what reading the chain throws
 */
export async function auditHistory(
  salus: SalusReader,
  gateway: GatewayTarget,
  about: { dataset: bigint; signer: RequestSigner; expected?: readonly Hex[]; now: number },
): Promise<AccessHistory> {
  const { dataset, signer, expected = [], now } = about;
  const posted = await readCheckpoint(salus, gateway.index);
  const checkpoint = posted && { size: Number(posted.size), root: posted.root };
  const asked = { dataset, signer, ...(checkpoint ? { provenAt: checkpoint.size } : {}) };
  const { entries } = await getAccessLog(gateway, asked);
  const basis = { dataset, subject: addressOf(signer), checkpoint, now };
  return { entries: proveEntries(entries, basis), untold: untoldOrders(entries, expected) };
}

/** Holds each entry against the checkpoint. */
export function proveEntries(entries: readonly AccessLogEntry[], basis: HistoryBasis): ProvenEntry[] {
  return entries.map((entry) => ({ ...entry, state: stateOf(entry, basis) }));
}

/** Orders among `expected` on which no entry tells. */
export function untoldOrders(entries: readonly AccessLogEntry[], expected: readonly Hex[]): Hex[] {
  const told = new Set(entries.map(({ order }) => order.toLowerCase()));
  return expected.filter((order) => !told.has(order.toLowerCase()));
}

function stateOf(entry: AccessLogEntry, { dataset, subject, checkpoint, now }: HistoryBasis): ProofState {
  const { index, proof, salt, at } = entry;
  if (!checkpoint || index >= checkpoint.size) return now > at + MOST_PROMISE ? "missing" : "pending";
  if (!proof) return "missing";
  const { action, order, kind, reason, uses } = entry;
  const committed = { at, action, order, kind, reason, uses: BigInt(uses), dataset, subject };
  const { size, root } = checkpoint;
  return verifyInclusion({ leaf: entryLeaf(salt, committed), index, size, root, proof })
    ? "proven"
    : "missing";
}
