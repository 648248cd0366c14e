import type { Hex } from "viem";
import { SalusError } from "../errors.ts";
import { concat, fromHex, lowerHex, toHex } from "./bytes.ts";
import { recordContextDigest, type RecordContext } from "./context.ts";
import { domainTag, keccak256 } from "./hash.ts";
import { encodeWords } from "./words.ts";

const KEY_TAG = domainTag("salus.key-commitment.v1");
const SHARE_TAG = domainTag("salus.share-commitment.v1");

/** Bytes of the random salt of a commitment. */
export const SALT_BYTES = 32;

/**
 * Salted commitment to a record's key: keccak256(tag ‖ keccak256(record context) ‖ salt ‖ key).
 *
 * It makes the encryption key-committing, which AES-GCM by itself is not: one ciphertext cannot be opened to two
 * plaintexts with two keys.
 */
export function commitToKey(context: RecordContext, salt: Uint8Array, key: Uint8Array): Hex {
  return keyCommitment(recordContextDigest(context), salt, key);
}

/** {@link commitToKey} for callers that have the record's context digest. */
export function keyCommitment(digest: Uint8Array, salt: Uint8Array, key: Uint8Array): Hex {
  return toHex(keccak256(concat(KEY_TAG, digest, salt, key)));
}

/** A key share with the salt of its commitment, as it travels from lister to gateway to reader. */
export type SaltedShare = { share: Uint8Array; salt: Uint8Array };

/**
 * Salted commitment to the key share of one gateway:
 * keccak256(tag ‖ keccak256(record context) ‖ uint256 gateway index ‖ salt ‖ share).
 *
 * The index is inside, so that one gateway's share cannot be passed off as another's.
 */
export function commitToShare(context: RecordContext, gateway: number, { share, salt }: SaltedShare): Hex {
  return shareCommitment(recordContextDigest(context), gateway, share, salt);
}

/** {@link commitToShare} for callers that commit to several shares of one record and have its context digest. */
export function shareCommitment(
  digest: Uint8Array,
  gateway: number,
  share: Uint8Array,
  salt: Uint8Array,
): Hex {
  const index = encodeWords([{ name: "gateway", type: "uint256" }], { gateway });
  return toHex(keccak256(concat(SHARE_TAG, digest, index, salt, share)));
}

/** keccak256 over the share commitments of one record in gateway order, as it stands in the record's leaf. */
export function hashShareCommitments(commitments: readonly Hex[]): Hex {
  return toHex(keccak256(concat(...commitments.map((c) => fromHex(c, 32, "share commitment")))));
}

/** A share to check: who sent it, and the commitment that the record's manifest holds for that gateway. */
export type ShareToVerify = SaltedShare & { context: RecordContext; gateway: number; commitment: Hex };

/**
 * Whether a key share is the one that the lister committed to for this record and gateway.
 *
 * @throws SDK_WRONG_SHARE with `details.gateway` when it is not
 */
export function verifyShare({ context, gateway, share, salt, commitment }: ShareToVerify): true {
  if (commitToShare(context, gateway, { share, salt }) === lowerHex(commitment)) return true;
  throw new SalusError({
    code: "SDK_WRONG_SHARE",
    message: `Gateway ${gateway} sent a wrong key share for record ${context.recordId}.`,
    details: { gateway, recordId: context.recordId },
  });
}
