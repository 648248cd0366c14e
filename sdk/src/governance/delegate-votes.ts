import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { salusTokenAbi } from "../generated/abis.ts";

/** Gives the sender's votes to an account, which may be their own; tokens vote only once delegated. */
export function delegateVotes(
  salus: SalusWriter,
  to: Address,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const token = { address: salus.deployment.contracts.SalusToken, abi: salusTokenAbi } as const;
  return send(salus, { ...token, functionName: "delegate", args: [to] }, options);
}
