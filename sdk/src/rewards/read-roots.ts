import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";

/** One dataset's rewards in one token. */
export type RewardKey = { dataset: bigint; token: Address };

/** A root as the chain holds it; its hash is zero where there is none. */
export type HeldRoot = {
  hash: Hex;
  total: bigint;
  count: number;
  epoch: number;
  claimableAt: number;
  challenges: number;
};

/** A root with the digest of its reward file. */
export type PostedRoot = HeldRoot & { leafFile: Hex };

const NONE = /^0x0*$/;

/** Whether there is such a root. */
export function isRoot({ hash }: Pick<HeldRoot, "hash">): boolean {
  return !NONE.test(hash);
}

/** The root against which claims are proven now; undefined before the first. */
export async function readClaimableRoot(salus: SalusReader, key: RewardKey): Promise<PostedRoot | undefined> {
  return withFile(salus, key, await readHeld(salus, key, "claimableRoot"));
}

/** The last root posted, pending or not; its hash is zero if it fell. Undefined before the first. */
export async function readLastRoot(salus: SalusReader, key: RewardKey): Promise<HeldRoot | undefined> {
  const held = await readHeld(salus, key, "lastRoot");
  return held.epoch === 0 ? undefined : held;
}

/** What a dataset's contributors received in all, and what of it was claimed or swept. */
export async function readRewardAccount(
  { publicClient, deployment }: SalusReader,
  { dataset, token }: RewardKey,
): Promise<{ funded: bigint; claimed: bigint }> {
  const [funded, claimed] = await publicClient.readContract({
    address: deployment.contracts.ContributorRewards,
    abi: contributorRewardsAbi,
    functionName: "accountOf",
    args: [dataset, token],
  });
  return { funded, claimed };
}

/** What was paid of a subject's cumulative amount. */
export function readClaimed(
  { publicClient, deployment }: SalusReader,
  { dataset, token, subject }: RewardKey & { subject: Address },
): Promise<bigint> {
  return publicClient.readContract({
    address: deployment.contracts.ContributorRewards,
    abi: contributorRewardsAbi,
    functionName: "claimedOf",
    args: [dataset, token, subject],
  });
}

/** Adds the digest of the reward file, which is in the event only. */
export async function withFile(
  { publicClient, deployment }: SalusReader,
  { dataset, token }: RewardKey,
  held: HeldRoot,
): Promise<PostedRoot | undefined> {
  if (!isRoot(held)) return undefined;
  try {
    const [event] = await publicClient.getContractEvents({
      address: deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      eventName: "RootPosted",
      args: { dataset, token, epoch: held.epoch },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    return event && { ...held, leafFile: event.args.leafFile };
  } catch (error) {
    throw await explainRevert(error);
  }
}

async function readHeld(
  { publicClient, deployment }: SalusReader,
  { dataset, token }: RewardKey,
  functionName: "claimableRoot" | "lastRoot",
): Promise<HeldRoot> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      functionName,
      args: [dataset, token],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
