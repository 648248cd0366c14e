import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Order } from "../types.ts";

/** Refunds an order that can no longer be delivered, or a download without a report; anyone may. */
export function refundOrder(
  salus: SalusWriter,
  order: Order,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "refund",
      args: [order],
    },
    options,
  );
}
