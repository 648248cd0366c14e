import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { payoutsAbi } from "../generated/abis.ts";

/** Names the address to which anyone may send the sender's credits; the zero address takes the name back. */
export function setRecipient(
  salus: SalusWriter,
  recipient: Address,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Payouts,
      abi: payoutsAbi,
      functionName: "setRecipient",
      args: [recipient],
    },
    options,
  );
}
