import sha3 from "js-sha3";

/**
 * Keccak-256 for trees of a hundred thousand leaves: an unrolled permutation, about twice as fast here as the small one
 * that everything else uses. 32 bytes.
 */
export function keccakOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(sha3.keccak256.arrayBuffer(bytes));
}
