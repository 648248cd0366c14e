import type { Hex } from "viem";
import { collectBytes, concat, lowerHex, toHex } from "../crypto/bytes.ts";
import { commitToKey, verifyShare, type SaltedShare } from "../crypto/commitments.ts";
import type { DatasetContext, RecordContext } from "../crypto/context.ts";
import { openEnvelope, parseEnvelope } from "../crypto/envelope.ts";
import { createSha256, sha256 } from "../crypto/hash.ts";
import { combineKey, tooFewShares } from "../crypto/key-shares.ts";
import { unknownGateway } from "../crypto/seal-shares.ts";
import { isStreamEnvelope, openStream, STREAM_HEADER_BYTES, streamKeySalt } from "../crypto/stream.ts";
import { isSalusError, SalusError } from "../errors.ts";
import type { RecordLeaf } from "../trees/leaves.ts";
import { assertCommitments, type ManifestEntry } from "./manifest.ts";

/** A key share as a gateway released it. */
export type ReleasedShare = SaltedShare & { gateway: number };

/** Parameters of {@link openRecord}. A `Manifest` serves as `context`. */
export type OpenRecordParameters = {
  context: DatasetContext & { gateways: readonly number[]; threshold: number };
  /** from the manifest, whose root was checked against the chain */
  entry: ManifestEntry;
  envelope: Uint8Array;
  shares: readonly ReleasedShare[];
  /** who served the envelope (a gateway's name or address), to be named should it be wrong */
  servedBy?: string;
};

/** The record, and the gateways whose shares were wrong but could be done without: report them. */
export type OpenedRecord = { plaintext: Uint8Array; wrongShares: number[] };

/**
 * Decrypts one record from its ciphertext and the key shares of at least t gateways, and says who is at fault if it cannot.
 *
 * @throws SDK_CIPHERTEXT_TAMPERED (`details.servedBy`): these are not the listed bytes
 * @throws SDK_WRONG_SHARE (`details.gateway`, `details.gateways`): too few right shares remain, these gateways sent wrong ones
 * @throws SDK_TOO_FEW_SHARES, SDK_DUPLICATE_SHARE, SDK_UNKNOWN_GATEWAY
 * @throws SDK_KEY_COMMITMENT_MISMATCH, SDK_RECORD_CONTEXT_MISMATCH, SDK_SHARE_COMMITMENTS_MISMATCH: the lister's fault, or
 *   a record put under a dataset or version for which it was not sealed
 */
export async function openRecord(parameters: OpenRecordParameters): Promise<OpenedRecord> {
  const { context, entry, envelope, servedBy } = parameters;
  const { leaf } = entry;
  const recordContext: RecordContext = { ...context, ...leaf };
  assertContent(leaf, toHex(sha256(envelope)), servedBy);
  const { key, wrong } = await rebuildKey(parameters, recordContext);
  try {
    if (isStreamEnvelope(envelope)) {
      assertKey(leaf, recordContext, streamKeySalt(envelope), key);
      const pieces = openStream(recordContext, [envelope], key);
      return { plaintext: await collectBytes(pieces), wrongShares: wrong };
    }
    assertKey(leaf, recordContext, parseEnvelope(envelope).keySalt, key);
    return { plaintext: await openEnvelope(recordContext, envelope, key), wrongShares: wrong };
  } finally {
    key.fill(0);
  }
}

/** Parameters of {@link openLargeRecord}. */
export type OpenLargeRecordParameters = Omit<OpenRecordParameters, "envelope"> & {
  /** the ciphertext from its beginning, cut anyhow */
  envelope: AsyncIterable<Uint8Array>;
};

/**
 * Decrypts a large record in constant memory. What it gives is authentic piece by piece; that it is whole, and the listed
 * one, is known once it has ended without an error.
 *
 * @returns the plaintext's pieces, and the gateways whose shares were wrong but could be done without
 * @throws as {@link openRecord}, while it is read also SDK_STREAM_BROKEN
 */
export async function openLargeRecord(
  parameters: OpenLargeRecordParameters,
): Promise<{ plaintext: AsyncGenerator<Uint8Array>; wrongShares: number[] }> {
  const { context, entry, envelope, servedBy } = parameters;
  const { leaf } = entry;
  const recordContext: RecordContext = { ...context, ...leaf };
  const { key, wrong } = await rebuildKey(parameters, recordContext);
  const hash = createSha256();
  async function* checked() {
    let head: Uint8Array | undefined = new Uint8Array();
    for await (const piece of envelope) {
      hash.update(piece);
      if (!head) {
        yield piece;
        continue;
      }
      head = concat(head, piece);
      if (head.length < STREAM_HEADER_BYTES) continue;
      assertKey(leaf, recordContext, streamKeySalt(head.subarray(0, STREAM_HEADER_BYTES)), key);
      yield head;
      head = undefined;
    }
    if (head) yield head;
    assertContent(leaf, toHex(hash.digest()), servedBy);
  }
  async function* plaintext() {
    try {
      yield* openStream(recordContext, checked(), key);
    } finally {
      key.fill(0);
    }
  }
  return { plaintext: plaintext(), wrongShares: wrong };
}

/** The key from the right shares. @throws SDK_WRONG_SHARE, SDK_TOO_FEW_SHARES and others */
async function rebuildKey(parameters: Omit<OpenRecordParameters, "envelope">, recordContext: RecordContext) {
  const { context, entry } = parameters;
  assertCommitments(entry, context.gateways.length);
  const { right, wrong } = sortOutShares(parameters, recordContext);
  if (right.length < context.threshold) throw notEnough(entry.leaf, right.length, context.threshold, wrong);
  const key = await combineKey(
    right.map(({ share }) => share),
    context.threshold,
  );
  return { key, wrong };
}

function assertContent(leaf: RecordLeaf, actual: Hex, servedBy?: string): void {
  if (actual === lowerHex(leaf.content)) return;
  throw new SalusError({
    code: "SDK_CIPHERTEXT_TAMPERED",
    message: `The ciphertext of record ${leaf.recordId}${servedBy ? `, served by ${servedBy},` : ""} is not the listed one.`,
    details: { recordId: leaf.recordId, servedBy, expected: leaf.content, actual },
  });
}

function sortOutShares(
  { context, entry, shares }: Omit<OpenRecordParameters, "envelope">,
  recordContext: RecordContext,
) {
  const right: ReleasedShare[] = [];
  const wrong: number[] = [];
  const seen = new Set<number>();
  for (const share of shares) {
    const place = context.gateways.indexOf(share.gateway);
    if (place < 0) throw unknownGateway(share.gateway);
    if (seen.has(share.gateway)) throw duplicate(share.gateway);
    seen.add(share.gateway);
    if (isRight({ ...share, context: recordContext, commitment: entry.commitments[place]! }))
      right.push(share);
    else wrong.push(share.gateway);
  }
  return { right, wrong };
}

function isRight(share: Parameters<typeof verifyShare>[0]): boolean {
  try {
    return verifyShare(share);
  } catch (error) {
    if (isSalusError(error, "SDK_WRONG_SHARE")) return false;
    throw error;
  }
}

function notEnough(leaf: RecordLeaf, have: number, need: number, wrong: number[]): SalusError {
  if (wrong.length === 0) return tooFewShares(have, need);
  const senders =
    wrong.length === 1
      ? `Gateway ${wrong[0]} sent a wrong key share`
      : `Gateways ${wrong.join(", ")} sent wrong key shares`;
  return new SalusError({
    code: "SDK_WRONG_SHARE",
    message: `${senders} for record ${leaf.recordId}; ${have} of the ${need} needed are right.`,
    details: { gateway: wrong[0], gateways: wrong, recordId: leaf.recordId, have, need },
  });
}

function assertKey(leaf: RecordLeaf, context: RecordContext, keySalt: Uint8Array, key: Uint8Array): void {
  if (commitToKey(context, keySalt, key) === lowerHex(leaf.keyCommitment)) return;
  throw new SalusError({
    code: "SDK_KEY_COMMITMENT_MISMATCH",
    message: `The key of record ${leaf.recordId} is not the one that its leaf commits to.`,
    details: { recordId: leaf.recordId },
  });
}

function duplicate(gateway: number): SalusError {
  return new SalusError({
    code: "SDK_DUPLICATE_SHARE",
    message: `Gateway ${gateway} has two key shares in the list.`,
    details: { gateway },
  });
}
