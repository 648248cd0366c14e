import type { ContractFunctionReturnType, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { mandatesAbi } from "../generated/abis.ts";

/** What changes of a mandate, as the contract holds it. */
export type MandateStatus = ContractFunctionReturnType<typeof mandatesAbi, "view", "statusOf">;

/** A mandate's state at the head. */
export async function readMandateStatus(
  { publicClient, deployment }: SalusReader,
  id: Hex,
): Promise<MandateStatus> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.Mandates,
      abi: mandatesAbi,
      functionName: "statusOf",
      args: [id],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
