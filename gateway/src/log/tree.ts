import { createHash } from "node:crypto";

/**
 * Merkle tree hashes after RFC 6962 §2.1, kept as a frontier: the hashes of the perfect subtrees that the leaves so far
 * make up, largest first. Appending costs O(log n) and needs no earlier leaf.
 */
export type Frontier = { size: number; hashes: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** Hash of a leaf: SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Uint8Array {
  return createHash("sha256").update(Uint8Array.of(0)).update(data).digest();
}

/** The frontier with one more leaf. */
export function append({ size, hashes }: Frontier, leaf: Uint8Array): Frontier {
  const next = [...hashes];
  let hash = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(next.pop()!, hash);
  next.push(hash);
  return { size: size + 1, hashes: next };
}

/** The tree's root; SHA-256 of nothing for no leaf. */
export function rootOf({ hashes }: Frontier): Uint8Array {
  if (hashes.length === 0) return createHash("sha256").digest();
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash("sha256").update(Uint8Array.of(1)).update(left).update(right).digest();
}
