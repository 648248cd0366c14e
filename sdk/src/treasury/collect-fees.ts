import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { treasuryAbi } from "../generated/abi/treasury.ts";

/** Fetches what waits for the treasury in `Payouts`. Anyone may. @throws Payouts_NothingToWithdraw */
export function collectFees(
  salus: SalusWriter,
  token: Address,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { Payouts, Treasury } = salus.deployment.contracts;
  const treasury = { address: Treasury, abi: treasuryAbi } as const;
  return send(salus, { ...treasury, functionName: "collect", args: [Payouts, token] }, options);
}
