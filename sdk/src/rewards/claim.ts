import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import type { RewardProof } from "./prove-reward.ts";
import type { RewardKey } from "./read-roots.ts";

/** Pays the sender what the subjects they control have not claimed yet; all or none. */
export function claim(
  salus: SalusWriter,
  claims: readonly (RewardKey & { proof: RewardProof })[],
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      functionName: "claim",
      args: [[...claims]],
    },
    options,
  );
}
