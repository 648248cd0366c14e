import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Order } from "../types.ts";

/** An order as it was funded. */
export type FundedOrder = { id: Hex; order: Order; feeBps: number; fee: bigint; blockNumber: bigint };

/**
 * An order's fixed part, from the chain's events alone.
 * @throws SDK_ORDER_UNKNOWN
 */
export async function findOrder({ publicClient, deployment }: SalusReader, id: Hex): Promise<FundedOrder> {
  try {
    const [event] = await publicClient.getContractEvents({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      eventName: "OrderFunded",
      args: { id },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    if (event) {
      const { order, feeBps, fee } = event.args;
      return { id, order, feeBps, fee, blockNumber: event.blockNumber };
    }
  } catch (error) {
    throw await explainRevert(error);
  }
  throw new SalusError({
    code: "SDK_ORDER_UNKNOWN",
    message: `No order with the id ${id} was funded on this chain.`,
    hint: "Check the id. An order exists once its payment is confirmed.",
    details: { id },
  });
}
