import type { Address, Hex } from "viem";
import { concat, fromHex, toHex } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { leafHash } from "./hashes.ts";

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
  const plain = { at, action, order, dataset: `${dataset}`, subject: who, kind, uses: `${uses}`, reason };
  return sha256(concat(fromHex(salt, 32, "salt"), new TextEncoder().encode(canonicalJson(plain))));
}

/** The entry's leaf hash in the log's tree, from which inclusion is proven. */
export function entryLeaf(salt: Hex, entry: LogEntry): Hex {
  return toHex(leafHash(commitEntry(salt, entry)));
}
