import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import type { RewardFault } from "./find-fault.ts";
import type { RewardKey } from "./read-roots.ts";

/** Voids the pending root by a fault that {@link findRewardFault} found; anyone may, and it costs no bond. */
export function challengeRoot(
  salus: SalusWriter,
  { dataset, token }: RewardKey,
  found: RewardFault,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const target = { address: salus.deployment.contracts.ContributorRewards, abi: contributorRewardsAbi };
  switch (found.fault) {
    case "decrease":
      return send(
        salus,
        { ...target, functionName: "challengeDecrease", args: [dataset, token, found.before, found.pending] },
        options,
      );
    case "omission":
      return send(
        salus,
        {
          ...target,
          functionName: "challengeOmission",
          args: [dataset, token, found.before, found.neighbours],
        },
        options,
      );
    case "disorder":
      return send(
        salus,
        { ...target, functionName: "challengeDisorder", args: [dataset, token, found.first, found.second] },
        options,
      );
  }
}
