import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** SHA-256 (FIPS 180-4): content addresses and file digests. 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** Keccak-256 as on chain: trees and commitments that a contract may have to recompute. 32 bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/**
 * Domain tag: keccak256 of a name such as `salus.record.v1`. It comes first in everything that is hashed,
 * authenticated or used as HPKE info, so that bytes made for one use can never pass for another.
 */
export function domainTag(name: `salus.${string}.v${number}`): Uint8Array {
  return keccak_256(utf8ToBytes(name));
}
