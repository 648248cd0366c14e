import { emptyRoot, nodeHash } from "./hashes.ts";

/**
 * Merkle tree hashes after RFC 6962 §2.1, kept as a frontier: the hashes of the perfect subtrees that the leaves so far
 * make up, largest first. Appending costs O(log n) and needs no earlier leaf.
 */
export type Frontier = { size: number; hashes: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** A perfect subtree: node `index` of its level, where level 0 are the leaves. It covers 2^level leaves. */
export type PerfectNode = { level: number; index: number; hash: Uint8Array };

/**
 * The frontier with one more leaf.
 *
 * @param completed is told of each inner node that the leaf completes, lowest first; such a node never changes again
 */
export function append(
  { size, hashes }: Frontier,
  leaf: Uint8Array,
  completed?: (node: PerfectNode) => void,
): Frontier {
  const next = [...hashes];
  let hash = leaf;
  let level = 0;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    hash = nodeHash(next.pop()!, hash);
    level += 1;
    completed?.({ level, index: (rest - 1) / 2, hash });
  }
  next.push(hash);
  return { size: size + 1, hashes: next };
}

/** The tree's root; SHA-256 of nothing for no leaf. */
export function rootOf({ hashes }: Frontier): Uint8Array {
  if (hashes.length === 0) return emptyRoot();
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}
