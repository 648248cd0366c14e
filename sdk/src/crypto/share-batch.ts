import type { Hex } from "viem";
import { SalusError } from "../errors.ts";
import { fromHex, plainBytes, toHex } from "./bytes.ts";
import { SALT_BYTES, type SaltedShare } from "./commitments.ts";
import { SHARE_BYTES } from "./key-shares.ts";

/** One record's key share with the salt of its commitment. */
export type RecordShare = SaltedShare & { recordId: Hex };

/**
 * Plain form of a batch of key shares, before sealing and after opening:
 * magic "SALK" ‖ version 1 ‖ count (4, big endian) ‖ count × (record id 32 ‖ share 33 ‖ salt 32), ascending by record id.
 */
const MAGIC = new TextEncoder().encode("SALK");
const VERSION = 1;
const ENTRIES_AT = 9;
const SHARE_AT = 32;
const SALT_AT = SHARE_AT + SHARE_BYTES;
const ENTRY_BYTES = SALT_AT + SALT_BYTES;

/**
 * Encodes key shares of one gateway, in any order; 97 bytes each.
 *
 * @throws SDK_INVALID_INPUT for a share or salt of wrong length, SDK_SHARE_BATCH_MALFORMED for a record that comes twice
 */
export function encodeShareBatch(shares: readonly RecordShare[]): Uint8Array {
  const sorted = shares.map((entry) => ({ ...entry, id: fromHex(entry.recordId, 32, "record id") }));
  sorted.sort((a, b) => compare(a.id, b.id));
  const out = new Uint8Array(ENTRIES_AT + sorted.length * ENTRY_BYTES);
  out.set(MAGIC);
  out[4] = VERSION;
  new DataView(out.buffer).setUint32(5, sorted.length);
  sorted.forEach(({ id, share, salt }, i) => {
    if (share.length !== SHARE_BYTES || salt.length !== SALT_BYTES) {
      throw new SalusError({
        code: "SDK_INVALID_INPUT",
        message: `A key share has ${SHARE_BYTES} bytes and its salt ${SALT_BYTES}; got ${share.length} and ${salt.length}.`,
      });
    }
    const at = ENTRIES_AT + i * ENTRY_BYTES;
    out.set(id, at);
    out.set(share, at + SHARE_AT);
    out.set(salt, at + SALT_AT);
  });
  assertAscending(out, sorted.length);
  return out;
}

/**
 * Decodes what {@link encodeShareBatch} wrote; the bytes are copied, so that the caller may wipe `batch`.
 *
 * @throws SDK_SHARE_BATCH_MALFORMED when header, length or order is wrong
 */
export function decodeShareBatch(batch: Uint8Array): RecordShare[] {
  const known = MAGIC.every((byte, i) => batch[i] === byte) && batch[4] === VERSION;
  if (!known || batch.length < ENTRIES_AT) throw malformed("has no known header", batch.length);
  const count = new DataView(batch.buffer, batch.byteOffset).getUint32(5);
  if (batch.length !== ENTRIES_AT + count * ENTRY_BYTES) {
    throw malformed(`says ${count} records, which its length contradicts`, batch.length);
  }
  assertAscending(batch, count);
  return Array.from({ length: count }, (_, i) => {
    const entry = batch.subarray(ENTRIES_AT + i * ENTRY_BYTES, ENTRIES_AT + (i + 1) * ENTRY_BYTES);
    return {
      recordId: toHex(entry.subarray(0, SHARE_AT)),
      share: plainBytes(entry.slice(SHARE_AT, SALT_AT)),
      salt: plainBytes(entry.slice(SALT_AT)),
    };
  });
}

function assertAscending(batch: Uint8Array, count: number): void {
  const id = (i: number) => batch.subarray(ENTRIES_AT + i * ENTRY_BYTES, ENTRIES_AT + i * ENTRY_BYTES + 32);
  for (let i = 1; i < count; i++) {
    if (compare(id(i - 1), id(i)) >= 0) throw malformed("names a record twice or out of order", batch.length);
  }
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

function malformed(what: string, size: number): SalusError {
  return new SalusError({
    code: "SDK_SHARE_BATCH_MALFORMED",
    message: `The batch of key shares ${what}.`,
    details: { size },
  });
}
