import type { Hex } from "viem";
import { fromHex, sameBytes } from "../crypto/bytes.ts";
import { nodeHash } from "./hashes.ts";

/*
 * Verification of RFC 6962 proofs by the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2. Whatever is malformed does not
 * verify; nothing throws on a proof that a log sent.
 */

/** What an inclusion proof says: the leaf hash stands at `index` (from 0) of the tree of `size` leaves with this root. */
export type InclusionClaim = { leaf: Hex; index: number; size: number; root: Hex; proof: readonly Hex[] };

/**
 * Whether a proof shows that a leaf stands in a tree.
 *
 * @example verifyInclusion({ leaf, index: 5, size: 8, root, proof })
 */
export function verifyInclusion({ leaf, index, size, root, proof }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  const parts = decode([leaf, root, ...proof]);
  if (!parts) return false;
  let hash = parts[0]!;
  let [node, last] = [index, size - 1];
  for (const sibling of parts.slice(2)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      // The right edge rises past the levels at which it has no sibling.
      for (; !isOdd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, parts[1]!);
}

/** What a consistency proof says: the tree of `second` leaves begins with the tree of `first`. */
export type ConsistencyClaim = {
  first: number;
  firstRoot: Hex;
  second: number;
  secondRoot: Hex;
  proof: readonly Hex[];
};

/**
 * Whether a proof shows that a later tree only added to an earlier one. Any tree begins with the empty one.
 *
 * @example verifyConsistency({ first: 6, firstRoot, second: 8, secondRoot, proof })
 */
export function verifyConsistency({
  first,
  firstRoot,
  second,
  secondRoot,
  proof,
}: ConsistencyClaim): boolean {
  if (!isCount(first) || !isCount(second) || first > second) return false;
  const roots = decode([firstRoot, secondRoot]);
  const path = decode(proof);
  if (!roots || !path) return false;
  const [oldRoot, newRoot] = roots as [Uint8Array, Uint8Array];
  if (first === second) return path.length === 0 && sameBytes(oldRoot, newRoot);
  if (first === 0) return path.length === 0;
  // A perfect first tree is a node of the second, so its root need not be sent.
  const nodes = isPowerOfTwo(first) ? [oldRoot, ...path] : path;
  if (nodes.length === 0) return false;
  let [node, last] = [first - 1, second - 1];
  for (; isOdd(node); node = half(node)) last = half(last);
  let [oldHash, newHash] = [nodes[0]!, nodes[0]!];
  for (const sibling of nodes.slice(1)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      for (; !isOdd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(oldHash, oldRoot) && sameBytes(newHash, newRoot);
}

// Sizes may exceed 32 bits, so that the bit operators are of no use.
const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);
const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0;

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest > 1 && !isOdd(rest)) rest = half(rest);
  return rest === 1;
}

function decode(hashes: readonly Hex[]): Uint8Array[] | undefined {
  try {
    return hashes.map((hash) => fromHex(hash, 32, "hash"));
  } catch {
    return undefined; // not 32 bytes: such a proof proves nothing
  }
}
