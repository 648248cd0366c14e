import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Address, Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { concat, randomBytes, toHex } from "../crypto/bytes.ts";
import type { DatasetContext } from "../crypto/context.ts";
import { domainTag } from "../crypto/hash.ts";
import { encodeWords, type WordField } from "../crypto/words.ts";
import { SalusError } from "../errors.ts";

/** A derived secp256k1 key and its address. */
export type DerivedKey = { privateKey: Hex; address: Address };

/** Order of secp256k1's group (SEC 2, §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** 256 bits and 128 more, so that the remainder modulo the order is uniform to 2⁻¹²⁸. */
const OKM_BYTES = 48;

const datasetFields = [
  { name: "chainId", type: "uint256" },
  { name: "registry", type: "address" },
  { name: "dataset", type: "uint256" },
] as const satisfies readonly WordField[];

const chainFields = [{ name: "chainId", type: "uint256" }] as const satisfies readonly WordField[];

/** A new account secret: 32 random bytes, from which every key of the account follows. */
export function generateAccountSecret(): Uint8Array {
  return randomBytes(32);
}

/**
 * The key whose address is this person's subject in one dataset. Two datasets (or registries, or chains) give unrelated
 * addresses, so nobody can tell that they are one person.
 *
 * HKDF-SHA256 (RFC 5869) without salt; input key = the account secret; info = keccak256("salus.subject.v1") ‖
 * abi.encode(uint256 chainId, address registry, uint256 dataset); 48 bytes out, read as a big-endian number c; private
 * key = (c mod (n − 1)) + 1 (FIPS 186-5, A.2.1).
 *
 * @throws SDK_ACCOUNT_SECRET_INVALID
 */
export function deriveSubjectKey(accountSecret: Uint8Array, context: DatasetContext): DerivedKey {
  assertAccountSecret(accountSecret);
  return deriveDatasetKey(accountSecret, "salus.subject.v1", context);
}

/**
 * The key to whose address the earnings of one dataset are paid, unrelated to the subject and to every other dataset.
 * Derived as {@link deriveSubjectKey}, with the name `salus.payout.v1`.
 *
 * @throws SDK_ACCOUNT_SECRET_INVALID
 */
export function derivePayoutKey(accountSecret: Uint8Array, context: DatasetContext): DerivedKey {
  assertAccountSecret(accountSecret);
  return deriveDatasetKey(accountSecret, "salus.payout.v1", context);
}

/**
 * The key with which an account signs requests that concern no subject (browsing under rate limits, buying), one for each
 * chain. Requests about a record are signed by its subject's key, so that the two are never seen to be one person.
 * Derived as {@link deriveSubjectKey}, with the name `salus.request.v1` and abi.encode(uint256 chainId).
 *
 * @throws SDK_ACCOUNT_SECRET_INVALID
 */
export function deriveRequestKey(accountSecret: Uint8Array, chainId: number): DerivedKey {
  assertAccountSecret(accountSecret);
  return deriveKey(
    accountSecret,
    concat(domainTag("salus.request.v1"), encodeWords(chainFields, { chainId })),
  );
}

/** The key that a secret has in one dataset under a name; see {@link deriveSubjectKey}. The caller checks the secret. */
export function deriveDatasetKey(
  secret: Uint8Array,
  name: `salus.${string}.v${number}`,
  context: DatasetContext,
): DerivedKey {
  return deriveKey(secret, concat(domainTag(name), encodeWords(datasetFields, context)));
}

function deriveKey(secret: Uint8Array, info: Uint8Array): DerivedKey {
  const okm = hkdf(sha256, secret, undefined, info, OKM_BYTES);
  const scalar = (BigInt(toHex(okm)) % (ORDER - 1n)) + 1n;
  okm.fill(0);
  const privateKey: Hex = `0x${scalar.toString(16).padStart(64, "0")}`;
  return { privateKey, address: privateKeyToAddress(privateKey) };
}

/** @throws SDK_ACCOUNT_SECRET_INVALID unless the secret has 32 bytes that are not all zero */
export function assertAccountSecret(accountSecret: Uint8Array): void {
  if (accountSecret.length === 32 && accountSecret.some((byte) => byte !== 0)) return;
  throw new SalusError({
    code: "SDK_ACCOUNT_SECRET_INVALID",
    message: `An account secret is 32 random bytes; this one has ${accountSecret.length} bytes${accountSecret.length === 32 ? ", all zero" : ""}.`,
  });
}

const CODE_BYTES = 17;

/** @throws SDK_ONE_TIME_CODE_INVALID unless the code has 17 bytes that are not all zero */
export function assertOneTimeCode(code: Uint8Array): void {
  if (code.length === CODE_BYTES && code.some((byte) => byte !== 0)) return;
  throw new SalusError({
    code: "SDK_ONE_TIME_CODE_INVALID",
    message: `A one-time code is ${CODE_BYTES} random bytes; this one has ${code.length} bytes${code.length === CODE_BYTES ? ", all zero" : ""}.`,
  });
}
