import type { Hex } from "viem";
import { getExclusions } from "@salus/sdk/gateway/get-exclusions";
import { findOrder } from "@salus/sdk/orders/find-order";
import { buildRewards } from "@salus/sdk/rewards/build-rewards";
import { contributorsOf } from "@salus/sdk/rewards/contributors-of";
import type { ContributorSource } from "@salus/sdk/rewards/merge";
import { readRewardEvents } from "@salus/sdk/rewards/read-events";
import type { RewardKey } from "@salus/sdk/rewards/read-roots";
import { contributorRewardsAbi } from "@salus/sdk/generated/abis";
import { EMPTY_ROOT } from "@salus/sdk/trees/tree";
import type { Order, Receipt, RewardRoot } from "@salus/sdk/types";
import { blockAt } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { cohortAt, readReceiptBlocks } from "../orders/cohort-at.ts";
import { peerTarget } from "../peers/ask-peer.ts";

/** A root as this gateway builds it, with the bytes of its file. */
export type Rebuilt = { root: RewardRoot; bytes: Uint8Array };

/** Contributors roots kept in memory: a cohort never changes once its receipt is on chain. */
const KEPT = 16;

/**
 * Builds a dataset's rewards up to a block from this gateway's own view of the chain and its own leaf files.
 *
 * @returns undefined while nobody has earned anything
 * @throws GATEWAY_ASSET_UNKNOWN when a version is missing here; GatewayRequestError when the executor does not give the
 * exclusions of an order
 */
export async function rebuild(
  context: Context,
  { dataset, token, epoch }: RewardKey & { epoch: number },
): Promise<Rebuilt | undefined> {
  const toBlock = BigInt(epoch);
  const history = await context.chain.read(async (reader) => {
    const { events, receipts } = await readRewardEvents(reader, { dataset, token, toBlock });
    return { events, receipts: [...receipts] };
  });
  const contributors = new Map<Hex, ContributorSource>();
  for (const [root, receipt] of history.receipts)
    contributors.set(root, await findContributors(context, receipt));
  const { time } = await context.chain.read((reader) => blockAt(reader, { blockNumber: toBlock }));
  const { chainId, contracts } = context.deployment;
  const scope = { chainId, rewards: contracts.ContributorRewards, dataset, token, epoch };
  const lapsePeriod = await readLapsePeriod(context);
  const pieces: Uint8Array[] = [];
  const input = { scope, events: history.events, contributors, lapsePeriod, time };
  const built = await buildRewards(input, (piece) => void pieces.push(piece));
  if (!built) return undefined;
  const { root, total, count, leafFile } = built;
  return {
    root: { dataset, token, epoch, root, total, count, leafFile },
    bytes: new Uint8Array(Buffer.concat(pieces)),
  };
}

/** Who contributed to an order, recomputed from the consents at the receipt's blocks. */
async function findContributors(context: Context, receipt: Receipt): Promise<ContributorSource> {
  const known = context.contributors.get(receipt.contributorsRoot);
  if (known) return known;
  const { order } = await findOrder(context.chain.reader, receipt.order);
  const version = await context.versions.get(order.asset, order.version);
  if (!version) {
    throw new GatewayError(
      "GATEWAY_ASSET_UNKNOWN",
      `Version ${order.version} of dataset ${order.asset} is not stored here.`,
    );
  }
  const blocks = await readReceiptBlocks(context.chain, receipt);
  const excluded = await findExcluded(context, order, receipt);
  const cohort = await cohortAt(context.chain, { order, version, blocks, excluded });
  const source = contributorsOf(cohort, version.consents, receipt.contributorsRoot);
  if (context.contributors.size >= KEPT) {
    context.contributors.delete(context.contributors.keys().next().value!);
  }
  context.contributors.set(receipt.contributorsRoot, source);
  return source;
}

/** Whom the receipt left out: the file's root is in the receipt, so that the executor cannot change it. */
async function findExcluded(context: Context, order: Order, receipt: Receipt): Promise<Map<string, number>> {
  if (receipt.excludedRoot === EMPTY_ROOT) return new Map();
  const { excluded } = await getExclusions(await peerTarget(context, order.custodian), receipt.order);
  return new Map(excluded.map(({ subject, reason }) => [subject.toLowerCase(), reason]));
}

async function readLapsePeriod({ chain }: Context): Promise<number> {
  return chain.read(({ publicClient, deployment }) =>
    publicClient.readContract({
      address: deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      functionName: "lapsePeriod",
    }),
  );
}
