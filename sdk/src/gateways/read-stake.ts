import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { gatewayRegistryAbi } from "../generated/abi/gatewayRegistry.ts";

/** What a gateway stands to lose, in the stake token's smallest unit. */
export type GatewayStake = {
  token: Address;
  amount: bigint;
  /** what of it the operator asked to withdraw */
  leaving: bigint;
  /** Unix time from which that part may be withdrawn; 0 while nothing was asked for */
  leavesAt: number;
  /** what an active gateway must keep, and needs for a new set */
  minimum: bigint;
};

/** A gateway's stake; zeros for a gateway that has none or is not known. */
export async function readStake(
  { publicClient, deployment }: SalusReader,
  gateway: number,
): Promise<GatewayStake> {
  const registry = { address: deployment.contracts.GatewayRegistry, abi: gatewayRegistryAbi } as const;
  try {
    const [stake, token, minimum] = await Promise.all([
      publicClient.readContract({ ...registry, functionName: "stakeOf", args: [gateway] }),
      publicClient.readContract({ ...registry, functionName: "stakeToken" }),
      publicClient.readContract({ ...registry, functionName: "minimumStake" }),
    ]);
    return { token, ...stake, minimum };
  } catch (error) {
    throw await explainRevert(error);
  }
}
