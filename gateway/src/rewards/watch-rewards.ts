import { cidFromDigest } from "@salus/sdk/cid";
import { contributorRewardsAbi } from "@salus/sdk/generated/abis";
import { getBlob } from "@salus/sdk/gateway/get-blob";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { isSalusError } from "@salus/sdk/errors";
import { challengeRoot } from "@salus/sdk/rewards/challenge-root";
import { demandLeaf, showLeaf, voidUnshown } from "@salus/sdk/rewards/demand-leaf";
import { findRewardFault } from "@salus/sdk/rewards/find-fault";
import { proveAt } from "@salus/sdk/rewards/prove-reward";
import { type PostedRoot, readClaimableRoot, type RewardKey } from "@salus/sdk/rewards/read-roots";
import { type RewardFile, readRewardFile } from "@salus/sdk/rewards/reward-file";
import { randomInt } from "node:crypto";
import type { Context } from "../context.ts";
import { peersOf, peerTarget } from "../peers/ask-peer.ts";
import type { GatewaySet } from "./post-rewards.ts";
import { rebuild } from "./rebuild.ts";
import { hasRewardFile, keepRewardFile } from "./reward-files.ts";

/**
 * Looks at a pending root: shows the leaves that are demanded of it if it is right; challenges it if it is wrong, by the
 * fault that the files show, or by demanding a leaf where its file cannot be had.
 */
export async function watchRewards(
  context: Context,
  key: RewardKey,
  set: GatewaySet,
  pending: PostedRoot,
): Promise<void> {
  if (!(await isRight(context, key, pending))) return challenge(context, key, set, pending);
  if (pending.challenges > 0) await showDemanded(context, key, pending);
}

/** Whether this gateway builds the same. It never signs or lets pass what it cannot rebuild. */
async function isRight(context: Context, key: RewardKey, pending: PostedRoot): Promise<boolean> {
  if (await hasRewardFile(context, pending.leafFile, key)) return true;
  const built = await rebuild(context, { ...key, epoch: pending.epoch });
  const { hash, total, count, leafFile } = pending;
  const root = built?.root;
  const right =
    root?.root === hash && root.total === total && root.count === count && root.leafFile === leafFile;
  if (right) await keepRewardFile(context, root, built!.bytes);
  return right;
}

async function challenge(
  context: Context,
  key: RewardKey,
  set: GatewaySet,
  pending: PostedRoot,
): Promise<void> {
  const about = { dataset: `${key.dataset}`, epoch: pending.epoch };
  context.logger.error(about, "the pending rewards are not what this gateway builds");
  const posted = await findFile(context, set, pending);
  if (!posted) return demandOne(context, key, pending);
  const claimable = await readClaimableRoot(context.chain.reader, key);
  const before = claimable && (await findFile(context, set, claimable));
  const fault = findRewardFault(before, posted);
  if (!fault) {
    context.logger.error(about, "no fault that the contract can judge: the rewards must be disputed");
    return;
  }
  await context.sender((writer) => challengeRoot(writer, key, fault));
  context.logger.info({ ...about, fault: fault.fault }, "the pending rewards were challenged");
}

/** The file behind a root, whose tree must be the root's, from here or from a peer. */
async function findFile(
  context: Context,
  { members }: GatewaySet,
  root: PostedRoot,
): Promise<RewardFile | undefined> {
  const bytes = await findBytes(context, members, root);
  const file = bytes && readRewardFile(bytes);
  if (!file || file.count === 0) return undefined;
  const tree = file.tree();
  return tree.root === root.hash && tree.total === root.total && tree.count === root.count ? file : undefined;
}

async function findBytes(
  context: Context,
  members: readonly number[],
  { leafFile }: PostedRoot,
): Promise<Uint8Array | undefined> {
  if ((await context.blobs.size(leafFile)) !== undefined) return context.blobs.get(leafFile);
  for (const peer of await peersOf(context, members)) {
    try {
      return await getBlob(await peerTarget(context, peer), cidFromDigest(leafFile));
    } catch (error) {
      if (!(error instanceof GatewayRequestError) && !isSalusError(error)) throw error;
      context.logger.warn({ peer, leafFile, code: error.code }, "a peer has no such reward file");
    }
  }
  return undefined;
}

/** Demands a leaf, or voids the root when the one demanded was not shown in time. */
async function demandOne(context: Context, key: RewardKey, pending: PostedRoot): Promise<void> {
  // Read when it is this gateway's turn to send: what it sent before it was killed is in a block by then.
  await context.sender(async (writer) => {
    const { head } = await context.chain.snapshot();
    const open = await readDemands(context, key, pending);
    const late = open.find(({ answerBy }) => answerBy < head.time);
    if (late) await voidUnshown(writer, { ...key, index: late.index });
    else if (open.length === 0 && head.time < pending.claimableAt)
      await demandLeaf(writer, { ...key, index: randomInt(pending.count) });
  });
}

async function showDemanded(context: Context, key: RewardKey, pending: PostedRoot): Promise<void> {
  const file = readRewardFile(await context.blobs.get(pending.leafFile));
  for (const { index } of await readDemands(context, key, pending)) {
    await context.sender(async (writer) => {
      const open = await readDemands(context, key, pending);
      if (open.some((demand) => demand.index === index))
        await showLeaf(writer, { ...key, proof: proveAt(file, index) });
    });
  }
}

/** Demands of a root that wait for their answer. */
async function readDemands(
  { chain }: Context,
  { dataset, token }: RewardKey,
  { epoch }: PostedRoot,
): Promise<{ index: number; answerBy: number }[]> {
  const { publicClient, deployment } = chain.reader;
  const target = { address: deployment.contracts.ContributorRewards, abi: contributorRewardsAbi } as const;
  const events = await publicClient.getContractEvents({
    ...target,
    eventName: "LeafDemanded",
    args: { dataset, token, epoch },
    fromBlock: BigInt(epoch),
    strict: true,
  });
  const demands = await Promise.all(
    events.map(async ({ args: { index } }) => ({
      index,
      ...(await publicClient.readContract({
        ...target,
        functionName: "demandOf",
        args: [dataset, token, epoch, index],
      })),
    })),
  );
  return demands.filter(({ challenger }) => BigInt(challenger) !== 0n);
}
