import { sha256 } from "@noble/hashes/sha2.js";
import type { Address, Hex } from "viem";
import * as v from "valibot";
import { lowerHex, toHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { address, decimal, uint } from "../records/validators.ts";
import { buildSumTree, type SumTree } from "./sum-tree.ts";
import {
  compareSubjects,
  hashLeafBytes,
  LEAF_BYTES,
  readLeaf,
  readUint128,
  type RewardLeaf,
} from "./reward-leaf.ts";

/** Whose rewards a file holds, and up to which block. */
export type RewardScope = {
  chainId: number;
  /** the `ContributorRewards` contract */
  rewards: Address;
  dataset: bigint;
  token: Address;
  /** number of the block up to which events count */
  epoch: number;
};

const schema = v.strictObject({
  format: v.literal("salus-rewards"),
  formatVersion: v.literal(1),
  chainId: uint(48),
  rewards: address,
  dataset: decimal(256),
  token: address,
  epoch: uint(40),
});

/** The first line of a reward file: canonical JSON and a line feed. The leaves follow, 52 bytes each. */
export function rewardFileHeader({ chainId, rewards, dataset, token, epoch }: RewardScope): Uint8Array {
  const header = {
    format: "salus-rewards",
    formatVersion: 1,
    chainId,
    rewards: lowerHex(rewards),
    dataset: String(dataset),
    token: lowerHex(token),
    epoch,
  };
  return new TextEncoder().encode(`${canonicalJson(header)}\n`);
}

/** A reward file in memory, its leaves read on demand. */
export type RewardFile = {
  scope: RewardScope;
  count: number;
  /** SHA-256 of the file */
  digest: Hex;
  /** @throws SDK_LEAF_NOT_FOUND */
  leaf(index: number): RewardLeaf;
  /** Index of a subject by binary search; undefined when it has earned nothing. */
  find(subject: Address): number | undefined;
  /** The tree over all leaves, built at the first call. */
  tree(): SumTree;
};

/**
 * Reads a reward file.
 * @throws SDK_REWARDS_FILE_MALFORMED when header or length are wrong, or subjects do not ascend
 */
export function parseRewardFile(bytes: Uint8Array): RewardFile {
  const end = bytes.indexOf(10) + 1;
  for (let at = end + LEAF_BYTES; at < bytes.length; at += LEAF_BYTES) {
    if (compareAt(bytes, at - LEAF_BYTES, at) >= 0) {
      throw malformed(`does not ascend at leaf ${(at - end) / LEAF_BYTES}`);
    }
  }
  return readRewardFile(bytes);
}

/**
 * Reads a reward file whose order is not to be trusted, so as to challenge it.
 * @throws SDK_REWARDS_FILE_MALFORMED when header or length are wrong
 */
export function readRewardFile(bytes: Uint8Array): RewardFile {
  const end = bytes.indexOf(10) + 1;
  const scope = readHeader(bytes.subarray(0, end));
  const size = bytes.length - end;
  if (size % LEAF_BYTES !== 0)
    throw malformed(`has ${size} bytes of leaves, not a multiple of ${LEAF_BYTES}`);
  const count = size / LEAF_BYTES;
  let tree: SumTree | undefined;
  const leaf = (index: number) => {
    if (!Number.isInteger(index) || index < 0 || index >= count) throw notFound(index, count);
    return readLeaf(bytes, end + index * LEAF_BYTES);
  };
  return {
    scope,
    count,
    digest: toHex(sha256(bytes)),
    leaf,
    find: (subject) => search(count, (index) => compareSubjects(leaf(index).subject, subject)),
    tree: () => (tree ??= buildSumTree(nodesOf(bytes, end), count)),
  };
}

/** Hash and amount of each leaf of a file's bytes from `start` on. */
export function* nodesOf(bytes: Uint8Array, start: number): Generator<{ hash: Uint8Array; amount: bigint }> {
  const words = new Uint8Array(96);
  for (let at = start; at < bytes.length; at += LEAF_BYTES) {
    yield { hash: hashLeafBytes(bytes, at, words), amount: readUint128(bytes, at + 20) };
  }
}

function readHeader(line: Uint8Array): RewardScope {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch (cause) {
    throw malformed("has no header", cause);
  }
  const { success, output } = v.safeParse(schema, value);
  if (!success) throw malformed("has a header that is not valid");
  const { chainId, rewards, dataset, token, epoch } = output;
  return { chainId, rewards, dataset, token, epoch };
}

function search(count: number, compare: (index: number) => number): number | undefined {
  for (let low = 0, high = count - 1; low <= high;) {
    const middle = (low + high) >>> 1;
    const order = compare(middle);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

function compareAt(bytes: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < 20; i++) if (bytes[a + i] !== bytes[b + i]) return bytes[a + i]! - bytes[b + i]!;
  return 0;
}

function malformed(what: string, cause?: unknown): SalusError {
  return new SalusError({
    code: "SDK_REWARDS_FILE_MALFORMED",
    message: `The reward file ${what}.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

function notFound(index: number, count: number): SalusError {
  return new SalusError({
    code: "SDK_LEAF_NOT_FOUND",
    message: `The reward file has ${count} leaves, none at index ${index}.`,
    details: { index, count },
  });
}
