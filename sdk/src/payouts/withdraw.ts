import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { payoutsAbi } from "../generated/abis.ts";

/** Pays the sender's credit of a token to an address. @throws Payouts_NothingToWithdraw */
export function withdraw(
  salus: SalusWriter,
  { token, to }: { token: Address; to: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Payouts,
      abi: payoutsAbi,
      functionName: "withdraw",
      args: [token, to],
    },
    options,
  );
}
