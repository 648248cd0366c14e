import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { readCheckpoint } from "../checkpoints/read-checkpoint.ts";
import { getAccessLog } from "../gateway/get-access-log.ts";
import { type GatewayAddress, GatewayRequestError } from "../gateway/http.ts";
import { addressOf, type GatewayTarget, type RequestSigner } from "../gateway/requests.ts";
import type { AccessLogEntry, LogPosition } from "../gateway/types.ts";
import { entryLeaf } from "./entry.ts";
import { MOST_PROMISE } from "./promise.ts";
import { getConsistency } from "./requests.ts";
import { verifyConsistency, verifyInclusion } from "./verify-proof.ts";

/** Entries that a gateway tells at once, newest first. */
export const MOST_ENTRIES = 1000;

/**
 * How an entry of a subject's access history stands: `proven` on chain; `pending`, since no checkpoint covers it yet and
 * its time has not run out; `missing`, since a checkpoint covers its place and does not hold it, or its time has run out.
 */
export type ProofState = "proven" | "pending" | "missing";

export type ProvenEntry = AccessLogEntry & { state: ProofState };

/**
 * How the whole log that a gateway tells from stands to its newest checkpoint on chain: it continues it (`sound`), is
 * shorter (`shrunk`), or is another one or not proven to be the same (`forked`).
 */
export type LogState = "sound" | "shrunk" | "forked";

/** A subject's access history at one gateway. */
export type AccessHistory = {
  entries: ProvenEntry[];
  log: LogState;
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
  const { entries, log } = await getAccessLog(gateway, asked);
  const basis = { dataset, subject: addressOf(signer), checkpoint, now };
  return {
    entries: proveEntries(entries, basis),
    log: checkpoint ? await logState(gateway, checkpoint, log) : "sound",
    untold: untoldOrders(entries, expected),
  };
}

/** Holds the log that was told from against the checkpoint. @throws GatewayRequestError when the gateway is away */
export async function logState(
  gateway: GatewayAddress,
  known: { size: number; root: Hex },
  { size, root }: Pick<LogPosition, "size" | "root">,
): Promise<LogState> {
  if (size < known.size) return "shrunk";
  if (size === known.size) return root.toLowerCase() === known.root.toLowerCase() ? "sound" : "forked";
  try {
    const { proof } = await getConsistency(gateway, { first: known.size, second: size });
    const claim = { first: known.size, firstRoot: known.root, second: size, secondRoot: root, proof };
    return verifyConsistency(claim) ? "sound" : "forked";
  } catch (error) {
    if (!(error instanceof GatewayRequestError) || error.code === "GATEWAY_UNREACHABLE") throw error;
    return "forked"; // it answers, and has no proof
  }
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
