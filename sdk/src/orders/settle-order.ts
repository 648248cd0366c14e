import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Order } from "../types.ts";

/** Pays out a delivered order after its dispute window; anyone may. */
export function settleOrder(
  salus: SalusWriter,
  order: Order,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "settle",
      args: [order],
    },
    options,
  );
}
