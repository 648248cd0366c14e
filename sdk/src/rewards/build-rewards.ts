import { sha256 } from "@noble/hashes/sha2.js";
import type { Hex } from "viem";
import { toHex } from "../crypto/bytes.ts";
import { divide, type Ledger, type RewardEvent, type Weights } from "./ledger.ts";
import { type ContributorSource, type Merged, mergeContributors } from "./merge.ts";
import { hashLeafBytes, LEAF_BYTES, type RewardLeaf, writeLeaf } from "./reward-leaf.ts";
import { rewardFileHeader, type RewardScope } from "./reward-file.ts";
import { SumTreeStream, type SumRoot } from "./sum-tree.ts";
import { SalusError } from "../errors.ts";

/** All from which a dataset's rewards follow; anybody can gather it from the chain and the public files. */
export type RewardInput = {
  scope: RewardScope;
  /** the dataset's money in one token, in the chain's order, up to the epoch's block */
  events: readonly RewardEvent[];
  /** by the contributors root that a receipt names */
  contributors: ReadonlyMap<Hex, ContributorSource>;
  /** when a key came to control a subject that had none, in seconds; by lower-case subject */
  controlledSince?: ReadonlyMap<string, number>;
  /** seconds after collection at which what nobody controls lapses */
  lapsePeriod: number;
  /** time of the epoch's block, in seconds */
  time: number;
};

/** A dataset's rewards at one epoch. */
export type BuiltRewards = SumRoot & {
  /** SHA-256 of the reward file */
  leafFile: Hex;
  /** everything received so far */
  funded: bigint;
  /** what of it nobody has earned yet; carried to the next order */
  undistributed: bigint;
};

/**
 * Builds a dataset's cumulative rewards: the root that gateways sign and the file of leaves behind it, to the byte the
 * same for everybody. The file is handed to `write` piece by piece, and memory does not grow with the number of people.
 *
 * @returns undefined while nobody has earned anything
 * @throws SDK_REWARDS_INCOMPLETE, SDK_DUPLICATE_LEAF
 * @example
 * const built = await buildRewards(input, (piece) => file.write(piece));
 */
export async function buildRewards(
  input: RewardInput,
  write: (piece: Uint8Array) => void | Promise<void> = () => {},
): Promise<BuiltRewards | undefined> {
  const ledger = await divideAmong(input);
  const digest = sha256.create();
  const tree = new SumTreeStream();
  let empty = true;
  const emit = async (piece: Uint8Array) => {
    digest.update(piece);
    await write(piece);
  };
  for await (const batch of mergeContributors(paidOnly(input, ledger))) {
    const leaves = batch
      .map((merged) => leafOf(input, ledger, merged))
      .filter((leaf) => leaf.cumulative > 0n);
    if (leaves.length === 0) continue;
    if (empty) await emit(rewardFileHeader(input.scope));
    empty = false;
    await emit(encode(leaves, tree));
  }
  if (empty) return undefined;
  return {
    ...tree.finish(),
    leafFile: toHex(digest.digest()),
    funded: ledger.funded,
    undistributed: ledger.undistributed,
  };
}

async function divideAmong({ events, contributors }: RewardInput): Promise<Ledger> {
  const named = new Set(
    events.flatMap((event) => ("contributorsRoot" in event ? [event.contributorsRoot] : [])),
  );
  const weights = new Map<Hex, Weights>();
  for (const root of named)
    if (root !== undefined) weights.set(root, await weigh(sourceOf(contributors, root)));
  return divide(events, (root) => weights.get(root)!);
}

async function weigh(source: ContributorSource): Promise<Weights> {
  const weights = new Map<number, number>();
  for await (const piece of source()) {
    for (const { weight } of piece) weights.set(weight, (weights.get(weight) ?? 0) + 1);
  }
  return weights;
}

/** Only roots among which something was divided need to be read again. */
function paidOnly({ contributors }: RewardInput, { shares }: Ledger): Map<Hex, ContributorSource> {
  return new Map([...shares.keys()].map((root) => [root, sourceOf(contributors, root)]));
}

function leafOf(input: RewardInput, { shares }: Ledger, { subject, places }: Merged): RewardLeaf {
  const controlled = input.controlledSince?.get(subject) ?? Number.MAX_SAFE_INTEGER;
  const lapsesUntil = Math.min(input.time, controlled) - input.lapsePeriod;
  let cumulative = 0n;
  let lapsed = 0n;
  for (const { root, weight, attested } of places) {
    const share = shares.get(root)!;
    cumulative += share.earned(weight);
    if (attested) lapsed += share.earned(weight, lapsesUntil);
  }
  return { subject, cumulative, lapsed };
}

function encode(leaves: readonly RewardLeaf[], tree: SumTreeStream): Uint8Array {
  const bytes = new Uint8Array(leaves.length * LEAF_BYTES);
  leaves.forEach((leaf, i) => {
    writeLeaf(leaf, bytes, i * LEAF_BYTES);
    tree.push(hashLeafBytes(bytes, i * LEAF_BYTES), leaf.cumulative);
  });
  return bytes;
}

function sourceOf(contributors: RewardInput["contributors"], root: Hex): ContributorSource {
  const source = contributors.get(root);
  if (source) return source;
  throw new SalusError({
    code: "SDK_REWARDS_INCOMPLETE",
    message: `Nobody says who the contributors of root ${root} are.`,
    hint: "Fetch the version's consent file and the order's exclusion file, and compute the cohort.",
    details: { root },
  });
}
