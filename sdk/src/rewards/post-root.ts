import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import type { RewardRoot } from "../types.ts";

/** Posts a root with the signatures of the dataset's gateways; anyone may. */
export function postRewardRoot(
  salus: SalusWriter,
  { root, signatures }: { root: RewardRoot; signatures: readonly { gateway: number; signature: Hex }[] },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const sorted = signatures.toSorted((a, b) => a.gateway - b.gateway);
  return send(
    salus,
    {
      address: salus.deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      functionName: "postRoot",
      args: [root, sorted],
    },
    options,
  );
}
