import type { Address } from "viem";
import { assetRegistryAbi } from "@salus/sdk/generated/abis";
import { isRoot, readLastRoot, type RewardKey, withFile } from "@salus/sdk/rewards/read-roots";
import { assetAt, gatewaySetOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { type GatewaySet, postRewards } from "./post-rewards.ts";
import { watchRewards } from "./watch-rewards.ts";

/**
 * Looks after the rewards of every dataset that this gateway holds a part of: watches a pending root, and posts the next
 * one when it is this gateway's turn. All state is on chain, so a look that fails is made up for by the next.
 */
export async function tendRewards(context: Context): Promise<void> {
  const tokens = await readTokens(context);
  for (const dataset of await ownDatasets(context)) {
    for (const token of tokens) {
      if (context.lifecycle.draining()) return;
      await tendOne(context, { dataset, token }).catch((err: unknown) =>
        context.logger.warn({ err, dataset: `${dataset}` }, "the rewards were not tended this time"),
      );
    }
  }
}

async function tendOne(context: Context, key: RewardKey): Promise<void> {
  const { head } = await context.chain.snapshot();
  const { cfg } = await assetAt(context.chain, key.dataset, 1, head.hash);
  const set = await gatewaySetOf(context.chain, cfg.gatewaySet);
  if (!set.members.includes(context.index)) return;
  const last = await readLastRoot(context.chain.reader, key);
  if (last && isRoot(last) && (head.time < last.claimableAt || last.challenges > 0)) {
    const pending = await withFile(context.chain.reader, key, last);
    if (pending) await watchRewards(context, key, set, pending);
    return;
  }
  if (await isOwnTurn(context, set, head.time)) await postRewards(context, key, set, last);
}

/** The active members post in turn, so that one that is down holds nobody up for longer than an epoch. */
async function isOwnTurn(context: Context, { members }: GatewaySet, time: number): Promise<boolean> {
  const all = await context.directory.all();
  const active = members.filter((index) => all.get(index)?.active);
  const turn = Math.floor(time / context.environment.rewardSeconds) % active.length;
  return active[turn] === context.index;
}

async function ownDatasets({ db }: Context): Promise<bigint[]> {
  const rows = await db.selectFrom("versions").select("asset").distinct().execute();
  return rows.map(({ asset }) => BigInt(asset));
}

/** Tokens in which orders are paid, and the one that is issued for their fees. */
async function readTokens({ chain }: Context): Promise<Address[]> {
  const { publicClient, deployment } = chain.reader;
  const registry = { address: deployment.contracts.AssetRegistry, abi: assetRegistryAbi } as const;
  const count = await publicClient.readContract({ ...registry, functionName: "tokenCount" });
  const indexes = Array.from({ length: count }, (_, i) => i + 1);
  const paid = await Promise.all(
    indexes.map((index) =>
      publicClient.readContract({ ...registry, functionName: "tokenAt", args: [index] }),
    ),
  );
  return [...paid, deployment.contracts.SalusToken];
}
