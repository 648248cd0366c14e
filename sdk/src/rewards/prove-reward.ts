import type { Address, Hex } from "viem";
import { SalusError } from "../errors.ts";
import { parseRewardFile, type RewardFile } from "./reward-file.ts";
import type { RewardLeaf } from "./reward-leaf.ts";
import type { RewardKey } from "./read-roots.ts";

/** A leaf with its place, as the contract takes it. */
export type RewardProof = { leaf: RewardLeaf; index: number; siblings: Hex };

/** A root as far as a file is compared with it. */
export type RootOfFile = { hash: Hex; total: bigint; count: number; epoch: number; leafFile: Hex };

/** The proof of the leaf at an index. @throws SDK_LEAF_NOT_FOUND */
export function proveAt(file: Pick<RewardFile, "leaf" | "tree">, index: number): RewardProof {
  const { siblings } = file.tree().prove(index);
  return { leaf: file.leaf(index), index, siblings };
}

/** The proof of a subject's leaf; undefined when it has earned nothing. */
export function proveReward(
  file: Pick<RewardFile, "find" | "leaf" | "tree">,
  subject: Address,
): RewardProof | undefined {
  const index = file.find(subject);
  return index === undefined ? undefined : proveAt(file, index);
}

/**
 * Reads the reward file behind a root, checking that it is the one: digest, scope, number of leaves, sum and root.
 * @throws SDK_REWARDS_FILE_MALFORMED, SDK_REWARDS_MISMATCH
 */
export function openRewardFile(bytes: Uint8Array, key: RewardKey, root: RootOfFile): RewardFile {
  const file = parseRewardFile(bytes);
  const { scope } = file;
  const tree = file.count > 0 ? file.tree() : undefined;
  const ok =
    file.digest === root.leafFile &&
    scope.dataset === key.dataset &&
    scope.token.toLowerCase() === key.token.toLowerCase() &&
    scope.epoch === root.epoch &&
    tree?.root === root.hash &&
    tree.total === root.total &&
    tree.count === root.count;
  if (ok) return file;
  throw new SalusError({
    code: "SDK_REWARDS_MISMATCH",
    message: `The reward file is not the one behind the root of epoch ${root.epoch}.`,
    hint: "Fetch the file by the digest that the root names, from another gateway if need be.",
    details: { epoch: root.epoch, leafFile: root.leafFile },
  });
}
