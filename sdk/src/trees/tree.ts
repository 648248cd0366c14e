import type { Hex } from "viem";
import { fromHex, lowerHex, toHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import type { LeafType } from "./leaf-type.ts";
import { buildNodes, nodeAt, proofOf, rootFromProof } from "./merkle.ts";

/** Root of a tree without leaves. No leaf verifies against it. */
export const EMPTY_ROOT: Hex = `0x${"00".repeat(32)}`;

/** A Merkle tree with its leaves in canonical order. */
export type LeafTree<T> = {
  root: Hex;
  /** ascending by the leaf type's key */
  leaves: readonly T[];
  /** Proof of the leaf with this key, from its sibling up. @throws SDK_LEAF_NOT_FOUND */
  proof(key: Hex): Hex[];
};

/**
 * Builds the tree over leaves given in any order. They are put in ascending order of their key (subject or record id), so
 * that anybody with the same leaves gets the same root.
 *
 * @throws SDK_DUPLICATE_LEAF when two leaves have one key; SDK_VALUE_OUT_OF_RANGE or SDK_INVALID_INPUT for a bad field
 */
export function buildTree<T extends object>(type: LeafType<T>, leaves: Iterable<T>): LeafTree<T> {
  const sorted = sortLeaves(type, leaves);
  if (sorted.length === 0) return { root: EMPTY_ROOT, leaves: sorted, proof: (key) => notFound(type, key) };
  const nodes = buildNodes(hashesOf(type, sorted), sorted.length);
  const places = new Map(sorted.map((leaf, k) => [keyOf(type, leaf), k]));
  return {
    root: toHex(nodeAt(nodes, 0)),
    leaves: sorted,
    proof(key) {
      const k = places.get(lowerHex(key));
      return k === undefined ? notFound(type, key) : proofOf(nodes, k).map(toHex);
    },
  };
}

/** Root over leaves given in any order; {@link EMPTY_ROOT} over none. @throws as {@link buildTree} */
export function leafRoot<T extends object>(type: LeafType<T>, leaves: Iterable<T>): Hex {
  const sorted = sortLeaves(type, leaves);
  if (sorted.length === 0) return EMPTY_ROOT;
  return toHex(nodeAt(buildNodes(hashesOf(type, sorted), sorted.length), 0));
}

/**
 * Whether `proof` shows that `leaf` is in the tree with this root; the twin of OpenZeppelin's `MerkleProof.verify`.
 *
 * @throws SDK_INVALID_INPUT when root or proof are not 32-byte hexadecimal
 */
export function verifyLeaf<T extends object>(
  type: LeafType<T>,
  leaf: T,
  proof: readonly Hex[],
  root: Hex,
): boolean {
  const siblings = proof.map((node) => fromHex(node, 32, "proof node"));
  return toHex(rootFromProof(type.hashBytes(leaf), siblings)) === toHex(fromHex(root, 32, "root"));
}

/**
 * The leaves in canonical order: ascending bytes of their key.
 *
 * @throws SDK_DUPLICATE_LEAF
 */
export function sortLeaves<T extends object>(type: LeafType<T>, leaves: Iterable<T>): T[] {
  const all = Array.isArray(leaves) ? (leaves as T[]) : Array.from(leaves);
  if (isAscending(type, all)) return all.slice();
  const keyed = all.map((leaf) => ({ leaf, key: keyOf(type, leaf) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (let i = 1; i < keyed.length; i++) {
    const { key } = keyed[i]!;
    if (key === keyed[i - 1]!.key) {
      throw new SalusError({
        code: "SDK_DUPLICATE_LEAF",
        message: `Two leaves of type ${type.name} have ${type.key} ${key}.`,
        details: { type: type.name, key },
      });
    }
  }
  return keyed.map(({ leaf }) => leaf);
}

function* hashesOf<T extends object>(type: LeafType<T>, leaves: readonly T[]): Generator<Uint8Array> {
  for (const leaf of leaves) yield type.hashBytes(leaf);
}

/** Most lists come sorted, and the large ones are not worth a second copy then. */
function isAscending<T extends object>(type: LeafType<T>, leaves: readonly T[]): boolean {
  for (let i = 1; i < leaves.length; i++) {
    if (keyOf(type, leaves[i - 1]!) >= keyOf(type, leaves[i]!)) return false;
  }
  return true;
}

function keyOf<T extends object>(type: LeafType<T>, leaf: T): Hex {
  return lowerHex(leaf[type.key] as Hex);
}

function notFound<T extends object>(type: LeafType<T>, key: Hex): never {
  throw new SalusError({
    code: "SDK_LEAF_NOT_FOUND",
    message: `The tree holds no ${type.name} with ${type.key} ${key}.`,
    details: { type: type.name, key },
  });
}
