import { base32 } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import { create } from "multiformats/hashes/digest";
import type { Hex } from "viem";
import { fromHex, toHex } from "./crypto/bytes.ts";
import { sha256 } from "./crypto/hash.ts";
import { SalusError } from "./errors.ts";

const RAW = 0x55;
const SHA2_256 = 0x12;

/** CIDv1 (codec raw, sha2-256, base32) of a 32-byte SHA-256 digest. @throws SDK_INVALID_INPUT */
export function cidFromDigest(digest: Hex): string {
  return CID.createV1(RAW, create(SHA2_256, fromHex(digest, 32, "digest"))).toString(base32);
}

/**
 * The SHA-256 digest inside a CIDv1 of codec raw. Only that one spelling is accepted, so that equal content has equal ids.
 *
 * @throws SDK_INVALID_CID
 */
export function digestFromCid(cid: string): Hex {
  const parsed = parseCid(cid);
  const { code, digest } = parsed.multihash;
  if (parsed.version !== 1 || parsed.code !== RAW || code !== SHA2_256 || digest.length !== 32) {
    throw invalidCid(cid);
  }
  if (parsed.toString(base32) !== cid) throw invalidCid(cid);
  return toHex(digest);
}

/** Content id of `bytes`: CIDv1 raw over their SHA-256. */
export function cidOf(bytes: Uint8Array): string {
  return cidFromDigest(toHex(sha256(bytes)));
}

function parseCid(cid: string): CID {
  try {
    return CID.parse(cid);
  } catch (cause) {
    throw invalidCid(cid, cause);
  }
}

function invalidCid(cid: string, cause?: unknown): SalusError {
  const shown = String(cid).slice(0, 80);
  return new SalusError({
    code: "SDK_INVALID_CID",
    message: `“${shown}” is not a content id of raw bytes.`,
    details: { cid: shown },
    cause,
  });
}
