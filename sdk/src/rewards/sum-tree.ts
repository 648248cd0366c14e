import type { Hex } from "viem";
import { concat, fromHex, toHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import { keccakOf } from "./keccak.ts";
import {
  compareSubjects,
  hashRewardLeaf,
  readUint128,
  type RewardLeaf,
  writeUint128,
} from "./reward-leaf.ts";

/**
 * Merkle-sum tree over reward leaves in ascending order of their subjects.
 *
 * A node is a hash and the sum of the amounts below it: 48 bytes, `bytes32 hash ‖ uint128 sum`. A leaf's node is
 * keccak256(keccak256(abi.encode(leaf))) with the leaf's cumulative amount; an inner node is keccak256(left ‖ right), 96
 * bytes, with left.sum + right.sum. Where a level has an odd number of nodes, an empty one (all zeros) stands to the right
 * of the last. So a leaf's index gives the sides of its siblings, two neighbours prove that nobody stands between them,
 * and nothing that is proven under a root can add up to more than the root's sum. `contracts/libraries/SumTree.sol` is
 * the twin that verifies.
 */
export const NODE_BYTES = 48;

const PAIR_BYTES = 2 * NODE_BYTES;
const MOST = 1n << 128n;

/** What a tree commits to. */
export type SumRoot = { root: Hex; total: bigint; count: number };

/** Where a leaf stands and the siblings on its way to the root, 48 bytes each from the leaf up. */
export type SumProof = { index: number; siblings: Hex };

/** Levels above the leaves of a tree of `count` ≥ 1 leaves. */
export function depthOf(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/** Builds a root from leaves as they come, in memory that grows with the logarithm of their number only. */
export class SumTreeStream {
  /** For each level the left node that waits for its right one. */
  readonly #waiting: (Uint8Array | undefined)[] = [];
  readonly #pair = new Uint8Array(PAIR_BYTES);
  #count = 0;

  /** Adds the next leaf: its hash and its cumulative amount. */
  push(leafHash: Uint8Array, amount: bigint): void {
    this.#count += 1;
    let node = leafNode(leafHash, amount);
    for (let level = 0; ; level++) {
      const left = this.#waiting[level];
      if (!left) {
        this.#waiting[level] = node;
        return;
      }
      this.#waiting[level] = undefined;
      node = parentOf(left, node, this.#pair);
    }
  }

  /** The root over all leaves pushed so far. @throws SDK_REWARDS_EMPTY without any */
  finish(): SumRoot {
    if (this.#count === 0) throw empty();
    const depth = depthOf(this.#count);
    let node: Uint8Array | undefined;
    for (let level = 0; level < depth; level++) {
      const left = this.#waiting[level];
      if (left) node = parentOf(left, node ?? EMPTY, this.#pair);
      else if (node) node = parentOf(node, EMPTY, this.#pair);
    }
    const top = this.#waiting[depth] ?? node!;
    return { root: toHex(top.subarray(0, 32)), total: readUint128(top, 32), count: this.#count };
  }
}

/** A tree in memory, with proofs at hand: 96 bytes a leaf. */
export type SumTree = SumRoot & {
  /** Siblings of the leaf at an index. @throws SDK_LEAF_NOT_FOUND */
  prove(index: number): SumProof;
  /** All 2^k nodes of a level, k levels below the root, 48 bytes each; empty ones where nothing is. */
  tops(k: number): Hex;
};

/**
 * Builds a tree over leaf hashes and amounts in their order, keeping every node.
 * @throws SDK_REWARDS_EMPTY, SDK_VALUE_OUT_OF_RANGE when the sum does not fit 128 bits
 */
export function buildSumTree(leaves: Iterable<{ hash: Uint8Array; amount: bigint }>, count: number): SumTree {
  if (count === 0) throw empty();
  const levels = [new Uint8Array(evenly(count) * NODE_BYTES)];
  let index = 0;
  for (const { hash, amount } of leaves) levels[0]!.set(leafNode(hash, amount), index++ * NODE_BYTES);
  const pair = new Uint8Array(PAIR_BYTES);
  for (let size = count; size > 1;) {
    const below = levels.at(-1)!;
    size = Math.ceil(size / 2);
    const level = new Uint8Array(evenly(size) * NODE_BYTES);
    for (let i = 0; i < size; i++) {
      const at = i * PAIR_BYTES;
      const left = below.subarray(at, at + NODE_BYTES);
      level.set(parentOf(left, below.subarray(at + NODE_BYTES, at + PAIR_BYTES), pair), i * NODE_BYTES);
    }
    levels.push(level);
  }
  const top = levels.at(-1)!;
  return {
    root: toHex(top.subarray(0, 32)),
    total: readUint128(top, 32),
    count,
    prove: (leaf) => ({ index: leaf, siblings: siblingsOf(levels, count, leaf) }),
    tops(k) {
      const level = levels[levels.length - 1 - k];
      if (!level) throw notThere(count, k);
      const nodes = new Uint8Array(2 ** k * NODE_BYTES);
      nodes.set(level.subarray(0, nodes.length));
      return toHex(nodes);
    },
  };
}

/** Whether a leaf stands at its place in a tree; the twin of the contract's check. */
export function verifyRewardLeaf(leaf: RewardLeaf, { index, siblings }: SumProof, tree: SumRoot): boolean {
  const depth = depthOf(tree.count);
  if (index < 0 || index >= tree.count || siblings.length !== 2 + 2 * NODE_BYTES * depth) return false;
  const path = fromHex(siblings, NODE_BYTES * depth, "proof");
  const pair = new Uint8Array(PAIR_BYTES);
  let node = leafNode(hashRewardLeaf(leaf), leaf.cumulative);
  for (let level = 0; level < depth; level++) {
    const sibling = path.subarray(level * NODE_BYTES, (level + 1) * NODE_BYTES);
    if (readUint128(node, 32) + readUint128(sibling, 32) >= MOST) return false;
    const right = (index >>> level) & 1;
    node = right ? parentOf(sibling, node, pair) : parentOf(node, sibling, pair);
  }
  return toHex(node.subarray(0, 32)) === tree.root.toLowerCase() && readUint128(node, 32) === tree.total;
}

/** The tree over leaves in any order. @throws SDK_DUPLICATE_LEAF, SDK_REWARDS_EMPTY */
export function sumTreeOf(leaves: readonly RewardLeaf[]): SumTree & { leaves: RewardLeaf[] } {
  const sorted = leaves.toSorted((a, b) => compareSubjects(a.subject, b.subject));
  for (let i = 1; i < sorted.length; i++) {
    if (compareSubjects(sorted[i - 1]!.subject, sorted[i]!.subject) === 0) {
      const { subject } = sorted[i]!;
      throw new SalusError({
        code: "SDK_DUPLICATE_LEAF",
        message: `Two reward leaves have subject ${subject}.`,
        details: { subject },
      });
    }
  }
  const hashed = sorted.map((leaf) => ({ hash: hashRewardLeaf(leaf), amount: leaf.cumulative }));
  return { ...buildSumTree(hashed, sorted.length), leaves: sorted };
}

const EMPTY = new Uint8Array(NODE_BYTES);

function leafNode(hash: Uint8Array, amount: bigint): Uint8Array {
  const node = new Uint8Array(NODE_BYTES);
  node.set(hash);
  writeUint128(node, 32, amount);
  return node;
}

function parentOf(left: Uint8Array, right: Uint8Array, pair: Uint8Array): Uint8Array {
  pair.set(left);
  pair.set(right, NODE_BYTES);
  const sum = readUint128(pair, 32) + readUint128(pair, 80);
  if (sum >= MOST) {
    throw new SalusError({
      code: "SDK_VALUE_OUT_OF_RANGE",
      message: `The amounts add up to ${sum}, which is not a uint128.`,
      details: { sum: String(sum) },
    });
  }
  return leafNode(keccakOf(pair), sum);
}

function notThere(count: number, k: number): SalusError {
  return new SalusError({
    code: "SDK_LEAF_NOT_FOUND",
    message: `A tree of ${count} leaves has no level ${k} below its root.`,
    details: { count, k },
  });
}

function siblingsOf(levels: readonly Uint8Array[], count: number, index: number): Hex {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new SalusError({
      code: "SDK_LEAF_NOT_FOUND",
      message: `The tree has ${count} leaves, none at index ${index}.`,
      details: { count, index },
    });
  }
  const path = levels.slice(0, -1).map((level, height) => {
    const at = ((index >>> height) ^ 1) * NODE_BYTES;
    return level.subarray(at, at + NODE_BYTES);
  });
  return toHex(concat(...path));
}

/** A level's nodes with the empty one that stands beside an odd last one. */
function evenly(size: number): number {
  return size + (size % 2);
}

function empty(): SalusError {
  return new SalusError({ code: "SDK_REWARDS_EMPTY", message: "A reward tree needs at least one leaf." });
}
