import type { Address, Hex } from "viem";
import { concat, fromHex, toHex } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { leafHash } from "./hashes.ts";

const utf8 = new TextEncoder();

/** One decision of a gateway, as its log commits to it. `subject` is null for the order as a whole. */
export type LogEntry = {
  /** seconds since 1970 */
  at: number;
  action: string;
  order: Hex;
  dataset: bigint;
  subject: Address | null;
  kind: number;
  uses: bigint;
  /** `PERMITTED` or the code of the rule that forbade it */
  reason: string;
};

/**
 * The commitment to an entry that stands in the log: SHA-256(salt ‖ canonical JSON of the entry). Who does not hold the
 * salt learns nothing from it.
 *
 * @param salt 32 bytes
 */
export function commitEntry(salt: Hex, entry: LogEntry): Uint8Array {
  const { at, action, order, dataset, subject, kind, uses, reason } = entry;
  const who = subject && (subject.toLowerCase() as Address);
  // In the order that canonical JSON has its members in, so that the platform writes it, several times as fast.
  const plain = { action, at, dataset: `${dataset}`, kind, order, reason, subject: who, uses: `${uses}` };
  return sha256(concat(fromHex(salt, 32, "salt"), utf8.encode(JSON.stringify(plain))));
}

/** The entry's leaf hash in the log's tree, from which inclusion is proven. */
export function entryLeaf(salt: Hex, entry: LogEntry): Hex {
  return toHex(leafHash(commitEntry(salt, entry)));
}
