import type { ContractFunctionReturnType, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { accessEscrowAbi } from "../generated/abis.ts";

/** What changes of an order, as the escrow holds it. */
export type OrderStatus = ContractFunctionReturnType<typeof accessEscrowAbi, "view", "statusOf">;

/** An order's state at the head, or at a block. */
export async function readOrderStatus(
  { publicClient, deployment }: SalusReader,
  id: Hex,
  at: { blockNumber?: bigint } = {},
): Promise<OrderStatus> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "statusOf",
      args: [id],
      ...at,
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
