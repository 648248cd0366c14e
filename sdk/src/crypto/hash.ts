import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { nodeCrypto } from "./platform.ts";

/** A digest fed piece by piece, for what does not fit into memory. */
export type RunningHash = { update(bytes: Uint8Array): unknown; digest(): Uint8Array };

/**
 * SHA-256 (FIPS 180-4): content addresses and file digests. 32 bytes. Node's own is several times as fast as one in
 * JavaScript; browsers offer none that is synchronous.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nodeCrypto ? plain(nodeCrypto.hash("sha256", bytes, "buffer")) : nobleSha256(bytes);
}

/** A SHA-256 to be fed piece by piece. */
export function createSha256(): RunningHash {
  if (!nodeCrypto) return nobleSha256.create();
  const hash = nodeCrypto.createHash("sha256");
  return { update: (bytes) => hash.update(bytes), digest: () => plain(hash.digest()) };
}

function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
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
