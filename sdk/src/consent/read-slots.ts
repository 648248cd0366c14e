import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { ConsentSlot } from "./types.ts";

/** Slots of several subjects in a dataset, in their order, at the head or at a block. */
export async function readSlots(
  { publicClient, deployment }: SalusReader,
  { dataset, subjects, blockNumber }: { dataset: bigint; subjects: readonly Address[]; blockNumber?: bigint },
): Promise<ConsentSlot[]> {
  try {
    const slots = await publicClient.readContract({
      address: deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "slotsOf",
      args: [dataset, [...subjects]],
      blockNumber,
    });
    return [...slots];
  } catch (error) {
    throw await explainRevert(error);
  }
}
