import type { Hex } from "viem";
import { type SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { recomputeCohort, type CohortFiles } from "../cohort/recompute-cohort.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import { findOrder } from "../orders/find-order.ts";
import type { Order, Receipt } from "../types.ts";
import type { RewardInput } from "./build-rewards.ts";
import { contributorsOf } from "./contributors-of.ts";
import type { ContributorSource } from "./merge.ts";
import { readRewardEvents } from "./read-events.ts";
import type { RewardKey } from "./read-roots.ts";

/** Fetches the public files behind a receipt: the version's leaves, and whom the receipt left out. */
export type FindCohortFiles = (order: Order, receipt: Receipt) => Promise<CohortFiles>;

/**
 * Gathers all from which a dataset's rewards follow, from the chain and the public files alone.
 *
 * @param epoch block up to which events count
 * @throws SDK_REWARDS_INCOMPLETE when a file is not the one that a receipt rests on
 * @example const built = await buildRewards(await gatherRewards(salus, { dataset, token, epoch }, findFiles));
 */
export async function gatherRewards(
  salus: SalusReader,
  { dataset, token, epoch }: RewardKey & { epoch: number },
  findFiles: FindCohortFiles,
): Promise<RewardInput> {
  const { publicClient, deployment } = salus;
  const { ContributorRewards } = deployment.contracts;
  try {
    const toBlock = BigInt(epoch);
    const { events, receipts } = await readRewardEvents(salus, { dataset, token, toBlock });
    const contributors = new Map<Hex, ContributorSource>();
    for (const [root, receipt] of receipts) {
      contributors.set(root, await readContributors(salus, receipt, findFiles));
    }
    const { timestamp } = await publicClient.getBlock({ blockNumber: toBlock });
    const lapsePeriod = await publicClient.readContract({
      address: ContributorRewards,
      abi: contributorRewardsAbi,
      functionName: "lapsePeriod",
    });
    const scope = { chainId: deployment.chainId, rewards: ContributorRewards, dataset, token, epoch };
    return { scope, events, contributors, lapsePeriod, time: Number(timestamp) };
  } catch (error) {
    throw await explainRevert(error);
  }
}

async function readContributors(
  salus: SalusReader,
  receipt: Receipt,
  findFiles: FindCohortFiles,
): Promise<ContributorSource> {
  const { order } = await findOrder(salus, receipt.order);
  const files = await findFiles(order, receipt);
  const cohort = await recomputeCohort(salus, order, receipt, files);
  return contributorsOf(cohort, files.consents, receipt.contributorsRoot);
}
