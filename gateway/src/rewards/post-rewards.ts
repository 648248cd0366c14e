import { typedData } from "@salus/sdk/chain/typed-data";
import { isSalusError } from "@salus/sdk/errors";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { CosignRewardsRequest, CosignRewardsResponse } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import { collectPots } from "@salus/sdk/payouts/collect-pots";
import { readRoyaltyRoots } from "@salus/sdk/rewards/read-events";
import { postRewardRoot } from "@salus/sdk/rewards/post-root";
import { type HeldRoot, isRoot, readClaimableRoot, type RewardKey } from "@salus/sdk/rewards/read-roots";
import type { RewardRoot } from "@salus/sdk/types";
import { verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import type { GatewaySignatureRow } from "../database/schema.ts";
import { askPeer, peersOf } from "../peers/ask-peer.ts";
import { signRewards } from "./cosign-rewards.ts";
import { rebuild } from "./rebuild.ts";
import { keepRewardFile } from "./reward-files.ts";

/** A dataset's gateway set. */
export type GatewaySet = { members: readonly number[]; threshold: number };

/**
 * One epoch of a dataset, at the gateway whose turn it is: pots are collected, the rewards built up to the last final
 * block, checked and signed by enough others, and posted if anything has changed.
 */
export async function postRewards(
  context: Context,
  key: RewardKey,
  set: GatewaySet,
  last: HeldRoot | undefined,
): Promise<void> {
  await collect(context, key);
  const { finalized } = await context.chain.snapshot();
  const epoch = Number(finalized.number);
  if (epoch <= (last?.epoch ?? 0)) return;
  const built = await rebuild(context, { ...key, epoch });
  if (!built || built.root.root === (await standingRoot(context, key, last))) return;
  await keepRewardFile(context, built.root, built.bytes);
  reached("root.kept");
  const signatures = await collectCosignatures(context, built.root, set);
  if (signatures.length < set.threshold) {
    context.logger.warn({ dataset: `${key.dataset}`, epoch }, "too few gateways cosigned the rewards");
    return;
  }
  await context.sender((writer) => postRewardRoot(writer, { root: built.root, signatures }));
  context.logger.info({ dataset: `${key.dataset}`, epoch, total: `${built.root.total}` }, "rewards posted");
}

/** The root that the last one left: itself, or where it fell the one before, which claims are still proven against. */
async function standingRoot(context: Context, key: RewardKey, last: HeldRoot | undefined) {
  if (!last || isRoot(last)) return last?.hash;
  return (await readClaimableRoot(context.chain.reader, key))?.hash;
}

/** Moves the dataset's pots to its rewards; what is collected now counts once it is final. */
async function collect(context: Context, { dataset, token }: RewardKey): Promise<void> {
  const { reader } = context.chain;
  const { number: toBlock } = (await context.chain.snapshot()).head;
  const contributorsRoots = await readRoyaltyRoots(reader, { dataset, token, toBlock });
  try {
    await context.sender((writer) => collectPots(writer, { token, dataset, contributorsRoots }));
  } catch (error) {
    if (!isSalusError(error) || (error.code as string) !== "Payouts_NothingToCollect") throw error;
  }
}

async function collectCosignatures(
  context: Context,
  root: RewardRoot,
  { members, threshold }: GatewaySet,
): Promise<GatewaySignatureRow[]> {
  const signatures = [{ gateway: context.index, signature: await signRewards(context, root) }];
  for (const peer of await peersOf(context, members)) {
    if (signatures.length >= threshold) break;
    try {
      signatures.push(await cosign(context, peer, root));
    } catch (error) {
      if (!(error instanceof GatewayRequestError)) throw error;
      context.logger.warn(
        { peer, code: error.code },
        `a gateway did not cosign the rewards: ${error.message}`,
      );
    }
  }
  return signatures;
}

async function cosign(context: Context, peer: number, root: RewardRoot): Promise<GatewaySignatureRow> {
  const json: CosignRewardsRequest = { root: toWire("RewardRoot", root) };
  const request = { method: "POST", path: "/v1/peer/rewards", json, patience: 60_000 } as const;
  const { signature } = await askPeer<CosignRewardsResponse>(context, peer, request);
  const { signer } = await context.directory.get(peer);
  const typed = typedData(context.deployment, "RewardRoot", root);
  if (await verifySignature(context.chain, signer, typed, signature)) return { gateway: peer, signature };
  throw new GatewayRequestError({
    code: "GATEWAY_SIGNATURE_INVALID",
    message: `Gateway ${peer} answered with a signature that is not its signer's.`,
    hint: "Report the gateway to its operator.",
    status: 0,
    gateway: String(peer),
  });
}
