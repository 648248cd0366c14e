import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import type { RewardProof } from "./prove-reward.ts";
import type { RewardKey } from "./read-roots.ts";

/** Demands that somebody shows a leaf of the pending root, and puts up the bond. */
export async function demandLeaf(
  salus: SalusWriter,
  { dataset, token, index }: RewardKey & { index: number },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const target = { address: salus.deployment.contracts.ContributorRewards, abi: contributorRewardsAbi };
  const value = await salus.publicClient.readContract({ ...target, functionName: "bond" });
  return send(
    salus,
    { ...target, functionName: "demandLeaf", args: [dataset, token, index], value },
    options,
  );
}

/** Shows a demanded leaf and earns the bond. */
export function showLeaf(
  salus: SalusWriter,
  { dataset, token, proof }: RewardKey & { proof: RewardProof },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const target = { address: salus.deployment.contracts.ContributorRewards, abi: contributorRewardsAbi };
  return send(salus, { ...target, functionName: "showLeaf", args: [dataset, token, proof] }, options);
}

/** Voids the pending root for a leaf that was not shown in time. */
export function voidUnshown(
  salus: SalusWriter,
  { dataset, token, index }: RewardKey & { index: number },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const target = { address: salus.deployment.contracts.ContributorRewards, abi: contributorRewardsAbi };
  return send(salus, { ...target, functionName: "voidUnshown", args: [dataset, token, index] }, options);
}
