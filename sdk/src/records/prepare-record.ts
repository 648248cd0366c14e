import type { Address, Hex } from "viem";
import { lowerHex, randomBytes, toHex } from "../crypto/bytes.ts";
import { hashShareCommitments, keyCommitment, SALT_BYTES, shareCommitment } from "../crypto/commitments.ts";
import { recordContextDigest, type RecordContext } from "../crypto/context.ts";
import { sealRecord } from "../crypto/envelope.ts";
import { sha256 } from "../crypto/hash.ts";
import { splitKey } from "../crypto/key-shares.ts";
import type { GatewaySet } from "../crypto/seal-shares.ts";
import type { RecordShare } from "../crypto/share-batch.ts";
import type { ManifestEntry } from "./manifest.ts";

/** A record before encryption. */
export type NewRecord = { recordId: Hex; subject: Address; schema: Hex; plaintext: Uint8Array };

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
  const { envelope, key, keySalt } = await sealRecord(context, plaintext);
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
    content: toHex(sha256(envelope)),
    size: BigInt(envelope.length),
    keyCommitment: commitment,
    shareCommitments: hashShareCommitments(commitments),
    schema: lowerHex(context.schema),
    originVersion: context.originVersion,
  };
  return { envelope, entry: { leaf, commitments }, shares };
}
