import { keccak256 } from "../crypto/hash.ts";

/**
 * Complete binary Merkle tree over 32-byte leaf hashes, laid out and hashed as OpenZeppelin's `SimpleMerkleTree` without
 * leaf sorting and verified on chain by OpenZeppelin's `MerkleProof`: node i has children 2i + 1 and 2i + 2, leaf k stands
 * at place 2n − 2 − k, a parent is keccak256 of its children, the smaller first.
 *
 * All nodes lie in one array (6.4 MB for 100,000 leaves), which makes it some eight times as fast as the library's tree
 * of hexadecimal strings; the library is the oracle in the tests.
 */
export type MerkleNodes = Uint8Array;

const HASH = 32;

/** All 2n − 1 nodes over n ≥ 1 leaf hashes, root first. The hashes are taken one by one. */
export function buildNodes(leafHashes: Iterable<Uint8Array>, n: number): MerkleNodes {
  const nodes = new Uint8Array((2 * n - 1) * HASH);
  let at = nodes.length;
  for (const hash of leafHashes) nodes.set(hash, (at -= HASH));
  const pair = new Uint8Array(2 * HASH);
  for (let i = n - 2; i >= 0; i--) {
    nodes.set(hashPair(nodeAt(nodes, 2 * i + 1), nodeAt(nodes, 2 * i + 2), pair), i * HASH);
  }
  return nodes;
}

/** The node at place `i`, as a view. */
export function nodeAt(nodes: MerkleNodes, i: number): Uint8Array {
  return nodes.subarray(i * HASH, (i + 1) * HASH);
}

/** Siblings on the way from leaf `k` up to the root. */
export function proofOf(nodes: MerkleNodes, k: number): Uint8Array[] {
  const proof: Uint8Array[] = [];
  for (let i = nodes.length / HASH - 1 - k; i > 0; i = (i - 1) >> 1) {
    proof.push(nodeAt(nodes, i % 2 === 1 ? i + 1 : i - 1));
  }
  return proof;
}

/** The root that a leaf hash and its proof lead to. */
export function rootFromProof(leafHash: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  return proof.reduce<Uint8Array>(
    (node, sibling) => hashPair(node, sibling, new Uint8Array(2 * HASH)),
    leafHash,
  );
}

function hashPair(a: Uint8Array, b: Uint8Array, pair: Uint8Array): Uint8Array {
  const swap = compare(a, b) > 0;
  pair.set(swap ? b : a);
  pair.set(swap ? a : b, HASH);
  return keccak256(pair);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < HASH; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
