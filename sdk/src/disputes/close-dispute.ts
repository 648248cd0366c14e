import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import type { Order } from "../types.ts";

/**
 * Ends a dispute whose ruling window has passed: the order is settled per receipt, and the silent lose their stake. Anyone
 * may.
 * @throws Disputes_TooEarly, Disputes_WrongState
 */
export function closeDispute(
  salus: SalusWriter,
  order: Order,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const panel = { address: order.arbitrator, abi: disputesAbi } as const;
  return send(salus, { ...panel, functionName: "close", args: [order] }, options);
}

/**
 * Has an executor punished whom a ruling found to have lied, where that could not be done with the ruling. Anyone may.
 * @throws Disputes_NothingToPunish
 */
export function punishExecutor(
  salus: SalusWriter,
  order: Order,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const panel = { address: order.arbitrator, abi: disputesAbi } as const;
  return send(salus, { ...panel, functionName: "punish", args: [order] }, options);
}
