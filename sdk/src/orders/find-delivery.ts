import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Receipt } from "../types.ts";

/** A receipt as it was delivered. */
export type Delivery = {
  id: Hex;
  receipt: Receipt;
  /** gateways that signed, ascending */
  signers: readonly number[];
  blockNumber: bigint;
  transactionHash: Hex;
};

/**
 * An order's receipt, from the chain's events alone.
 * @throws SDK_NOT_DELIVERED
 */
export async function findDelivery({ publicClient, deployment }: SalusReader, id: Hex): Promise<Delivery> {
  const [event] = await publicClient
    .getContractEvents({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      eventName: "OrderDelivered",
      args: { id },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    })
    .catch(async (error) => {
      throw await explainRevert(error);
    });
  if (event) {
    const { receipt, signers } = event.args;
    return { id, receipt, signers, blockNumber: event.blockNumber, transactionHash: event.transactionHash };
  }
  throw new SalusError({
    code: "SDK_NOT_DELIVERED",
    message: `Order ${id} has no receipt.`,
    hint: "Wait until it is delivered; an order that was refunded never gets one.",
    details: { id },
  });
}
