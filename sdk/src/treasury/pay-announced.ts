import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { treasuryAbi } from "../generated/abi/treasury.ts";
import type { Payment } from "../types.ts";

/**
 * Carries out a payment that a vote announced, once its time has come. Anyone may.
 * @throws Treasury_NotAnnounced, Treasury_TooEarly, Treasury_TooLate, Treasury_CapExceeded
 */
export function payAnnounced(
  salus: SalusWriter,
  { payment, salt }: { payment: Payment; salt: Hex },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const treasury = { address: salus.deployment.contracts.Treasury, abi: treasuryAbi } as const;
  return send(salus, { ...treasury, functionName: "payAnnounced", args: [payment, salt] }, options);
}
