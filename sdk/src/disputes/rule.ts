import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import type { Order } from "../types.ts";
import { RULINGS, type RulingName } from "./read-dispute.ts";

/**
 * An arbitrator votes, once; the third who agrees carries the ruling out. Public for ever, with its reason.
 *
 * @param lied with `Refund` only: the executor lied; what three who refund all say costs its gateway a part of its stake
 * @throws Disputes_NoSeat, Disputes_TooEarly while evidence is taken, Disputes_TooLate, Disputes_AlreadyVoted
 */
export function voteOnDispute(
  salus: SalusWriter,
  d: { order: Order; ruling: RulingName; lied?: boolean; reason: string },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const args = [d.order, RULINGS.indexOf(d.ruling), d.lied ?? false, d.reason] as const;
  return send(salus, { address: d.order.arbitrator, abi: disputesAbi, functionName: "vote", args }, options);
}

/**
 * An arbitrator steps aside because of an interest, while evidence is taken.
 * @throws Disputes_NoSeat, Disputes_TooLate
 */
export function recuseFromDispute(
  salus: SalusWriter,
  { order, reason }: { order: Order; reason: string },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const panel = { address: order.arbitrator, abi: disputesAbi } as const;
  return send(salus, { ...panel, functionName: "recuse", args: [order, reason] }, options);
}
