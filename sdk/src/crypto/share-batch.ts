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
  const batch = createShareBatch();
  for (const share of shares) batch.add(share);
  return batch.encode();
}

/** Key shares of one gateway on their way into a batch: 97 bytes each, not an object each. */
export type ShareBatch = {
  /** Copies a share; the caller may wipe its own. @throws SDK_INVALID_INPUT for a share or salt of wrong length */
  add(share: RecordShare): void;
  /** The batch as {@link encodeShareBatch} writes it; what was collected is wiped. @throws SDK_SHARE_BATCH_MALFORMED */
  encode(): Uint8Array;
};

/** An empty batch, to which shares are added as they are made. */
export function createShareBatch(): ShareBatch {
  let entries = new Uint8Array(64 * ENTRY_BYTES);
  let count = 0;
  const entryAt = (i: number) => entries.subarray(i * ENTRY_BYTES, (i + 1) * ENTRY_BYTES);
  return {
    add({ recordId, share, salt }) {
      assertShare(share, salt);
      if ((count + 1) * ENTRY_BYTES > entries.length) entries = doubled(entries);
      const entry = entryAt(count);
      entry.set(fromHex(recordId, 32, "record id"));
      entry.set(share, SHARE_AT);
      entry.set(salt, SALT_AT);
      count += 1;
    },
    encode() {
      const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) =>
        compare(entryAt(a).subarray(0, SHARE_AT), entryAt(b).subarray(0, SHARE_AT)),
      );
      const out = new Uint8Array(ENTRIES_AT + count * ENTRY_BYTES);
      out.set(MAGIC);
      out[4] = VERSION;
      new DataView(out.buffer).setUint32(5, count);
      order.forEach((place, i) => out.set(entryAt(place), ENTRIES_AT + i * ENTRY_BYTES));
      entries.fill(0);
      assertAscending(out, count);
      return out;
    },
  };
}

function doubled(entries: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * entries.length);
  larger.set(entries);
  entries.fill(0);
  return larger;
}

function assertShare(share: Uint8Array, salt: Uint8Array): void {
  if (share.length === SHARE_BYTES && salt.length === SALT_BYTES) return;
  throw new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `A key share has ${SHARE_BYTES} bytes and its salt ${SALT_BYTES}; got ${share.length} and ${salt.length}.`,
  });
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
