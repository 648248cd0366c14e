import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { payoutsAbi } from "../generated/abis.ts";

/** Pays a payee's credit to the recipient that the payee named; anyone may. @throws Payouts_NoRecipient */
export function withdrawFor(
  salus: SalusWriter,
  { token, payee }: { token: Address; payee: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Payouts,
      abi: payoutsAbi,
      functionName: "withdrawFor",
      args: [token, payee],
    },
    options,
  );
}
