import type { Address, Hex } from "viem";
import { lowerHex, randomBytes, toHex } from "../crypto/bytes.ts";
import { hashShareCommitments, keyCommitment, SALT_BYTES, shareCommitment } from "../crypto/commitments.ts";
import { recordContextDigest, type RecordContext } from "../crypto/context.ts";
import { sealRecord } from "../crypto/envelope.ts";
import { createSha256, sha256 } from "../crypto/hash.ts";
import { splitKey } from "../crypto/key-shares.ts";
import type { GatewaySet } from "../crypto/seal-shares.ts";
import type { RecordShare } from "../crypto/share-batch.ts";
import { sealStream } from "../crypto/stream.ts";
import { SalusError } from "../errors.ts";
import type { ManifestEntry } from "./manifest.ts";

/** A record before encryption. */
export type NewRecord = { recordId: Hex; subject: Address; schema: Hex; plaintext: Uint8Array };

/** A record of any size, read piece by piece: memory stays constant. */
export type LargeRecord = Omit<NewRecord, "plaintext"> & {
  /** bytes that `open` will give */
  size: number;
  /** reads the record from its beginning */
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

/** An encrypted record: what to store, what to list, and one key share for each gateway in gateway order. */
export type PreparedRecord = { envelope: Uint8Array; entry: ManifestEntry; shares: RecordShare[] };

/** A record id: 32 random bytes, so that it says nothing about whose record it is. */
export function newRecordId(): Hex {
  return toHex(randomBytes(32));
}

/**
 * Encrypts one record under a fresh key, splits the key for the gateway set and commits to key and shares. The key itself
 * is wiped.
 *
 * @param context its record id and schema are the record's
 * @throws SDK_RECORD_TOO_LARGE, SDK_INVALID_INPUT
 */
export async function prepareRecord(
  context: RecordContext,
  subject: Address,
  plaintext: Uint8Array,
  gatewaySet: GatewaySet,
): Promise<PreparedRecord> {
  const { envelope, ...secrets } = await sealRecord(context, plaintext);
  const about = { content: toHex(sha256(envelope)), size: envelope.length };
  return { envelope, ...(await listRecord(context, subject, gatewaySet, { ...secrets, ...about })) };
}

/** The ciphertext of a large record on its way to where it is stored. */
export type CiphertextStream = {
  recordId: Hex;
  /** bytes of the whole envelope */
  size: number;
  /** to be read once, whole */
  envelope: AsyncIterable<Uint8Array>;
  /** digest of what was read; asked for when `envelope` has ended */
  content(): Hex;
};

/**
 * {@link prepareRecord} for a record of any size: `store` takes the ciphertext as it is made.
 *
 * @throws SDK_RECORD_TOO_LARGE, SDK_STREAM_SIZE, SDK_INVALID_INPUT also when `store` did not read the whole envelope, and
 *   what `store` and the record's source throw
 */
export async function prepareLargeRecord(
  context: RecordContext,
  record: LargeRecord,
  gatewaySet: GatewaySet,
  store: (ciphertext: CiphertextStream) => Promise<void>,
): Promise<Omit<PreparedRecord, "envelope">> {
  const { envelope, size, ...secrets } = await sealStream(context, record.open(), record.size);
  const hash = createSha256();
  let read = 0;
  let content: Hex | undefined;
  async function* hashed() {
    for await (const piece of envelope) {
      hash.update(piece);
      read += piece.length;
      yield piece;
    }
  }
  const digest = () => {
    if (read !== size) throw unread(record.recordId, read, size);
    return (content ??= toHex(hash.digest()));
  };
  await store({ recordId: lowerHex(record.recordId), size, envelope: hashed(), content: digest });
  return listRecord(context, record.subject, gatewaySet, { ...secrets, content: digest(), size });
}

type Sealed = { key: Uint8Array; keySalt: Uint8Array; content: Hex; size: number };

/** The manifest entry and key shares of a sealed record; its key is wiped. */
async function listRecord(
  context: RecordContext,
  subject: Address,
  gatewaySet: GatewaySet,
  { key, keySalt, content, size }: Sealed,
): Promise<Omit<PreparedRecord, "envelope">> {
  const digest = recordContextDigest(context);
  const commitment = keyCommitment(digest, keySalt, key);
  const keyShares = await splitKey(key, gatewaySet.gateways.length, gatewaySet.threshold);
  key.fill(0);
  const recordId = lowerHex(context.recordId);
  const shares = keyShares.map((share) => ({ recordId, share, salt: randomBytes(SALT_BYTES) }));
  const commitments = gatewaySet.gateways.map(({ index }, i) =>
    shareCommitment(digest, index, shares[i]!.share, shares[i]!.salt),
  );
  const leaf = {
    recordId,
    subject: lowerHex(subject),
    content,
    size: BigInt(size),
    keyCommitment: commitment,
    shareCommitments: hashShareCommitments(commitments),
    schema: lowerHex(context.schema),
    originVersion: context.originVersion,
  };
  return { entry: { leaf, commitments }, shares };
}

function unread(recordId: Hex, read: number, size: number): SalusError {
  return new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `Of the ciphertext of record ${recordId}, ${read} of ${size} bytes were read.`,
    hint: "Read the stream to its end before returning from `storeLarge`.",
    details: { recordId, read, size },
  });
}
