import type { Hex } from "viem";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { readLastRoot } from "@salus/sdk/rewards/read-roots";
import type { RewardRoot } from "@salus/sdk/types";
import { assetAt, gatewaySetOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { keepRewardFile } from "./reward-files.ts";
import { rebuild } from "./rebuild.ts";

/**
 * Rebuilds a root that another gateway proposes, and signs it if it is the same to the last byte of its file.
 *
 * @throws GATEWAY_NOT_IN_SET, GATEWAY_NOT_FINAL, GATEWAY_REWARDS_MISMATCH
 */
export async function cosignRewards(context: Context, proposed: RewardRoot): Promise<Hex> {
  const { head, finalized } = await context.chain.snapshot();
  const { cfg } = await assetAt(context.chain, proposed.dataset, 1, head.hash);
  const { members } = await gatewaySetOf(context.chain, cfg.gatewaySet);
  if (!members.includes(context.index)) {
    throw new GatewayError("GATEWAY_NOT_IN_SET", "This gateway is not in the dataset's gateway set.");
  }
  if (BigInt(proposed.epoch) > finalized.number) {
    throw new GatewayError("GATEWAY_NOT_FINAL", `Block ${proposed.epoch} is not final yet.`);
  }
  const last = await readLastRoot(context.chain.reader, proposed);
  const own = await rebuild(context, proposed);
  const same =
    own !== undefined &&
    proposed.epoch > (last?.epoch ?? 0) &&
    (["root", "total", "count", "leafFile"] as const).every(
      (member) => own.root[member] === proposed[member],
    );
  if (!same) {
    throw new GatewayError(
      "GATEWAY_REWARDS_MISMATCH",
      `This gateway builds another root for dataset ${proposed.dataset} at block ${proposed.epoch}.`,
    );
  }
  await keepRewardFile(context, own.root, own.bytes);
  reached("root.checked");
  return signRewards(context, own.root);
}

/** Signs a root that this gateway built itself. */
export function signRewards(context: Context, root: RewardRoot): Promise<Hex> {
  return signStruct(context.deployment, "RewardRoot", root, context.keys.signer);
}
