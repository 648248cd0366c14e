import { toHex, lowerHex } from "../crypto/bytes.ts";
import { commitToKey, verifyShare, type SaltedShare } from "../crypto/commitments.ts";
import type { DatasetContext, RecordContext } from "../crypto/context.ts";
import { openEnvelope, parseEnvelope } from "../crypto/envelope.ts";
import { sha256 } from "../crypto/hash.ts";
import { combineKey, tooFewShares } from "../crypto/key-shares.ts";
import { unknownGateway } from "../crypto/seal-shares.ts";
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
  assertContent(leaf, envelope, servedBy);
  assertCommitments(entry, context.gateways.length);
  const { right, wrong } = sortOutShares(parameters, recordContext);
  if (right.length < context.threshold) throw notEnough(leaf, right.length, context.threshold, wrong);
  const key = await combineKey(
    right.map(({ share }) => share),
    context.threshold,
  );
  try {
    assertKey(leaf, recordContext, envelope, key);
    return { plaintext: await openEnvelope(recordContext, envelope, key), wrongShares: wrong };
  } finally {
    key.fill(0);
  }
}

function assertContent(leaf: RecordLeaf, envelope: Uint8Array, servedBy?: string): void {
  const actual = toHex(sha256(envelope));
  if (actual === lowerHex(leaf.content)) return;
  throw new SalusError({
    code: "SDK_CIPHERTEXT_TAMPERED",
    message: `The ciphertext of record ${leaf.recordId}${servedBy ? `, served by ${servedBy},` : ""} is not the listed one.`,
    details: { recordId: leaf.recordId, servedBy, expected: leaf.content, actual },
  });
}

function sortOutShares({ context, entry, shares }: OpenRecordParameters, recordContext: RecordContext) {
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

function assertKey(leaf: RecordLeaf, context: RecordContext, envelope: Uint8Array, key: Uint8Array): void {
  const { keySalt } = parseEnvelope(envelope);
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
