import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { mandatesAbi } from "../generated/abis.ts";
import type { Mandate } from "../types.ts";

/**
 * The buyer ends a mandate and gets back what is unspent. Orders funded before go on.
 *
 * @param buyerSignature `signStruct(deployment, "Cancellation", { mandate: id }, buyer)`; not needed when the buyer sends
 */
export function cancelMandate(
  salus: SalusWriter,
  { mandate, buyerSignature = "0x" }: { mandate: Mandate; buyerSignature?: Hex },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Mandates,
      abi: mandatesAbi,
      functionName: "cancel",
      args: [mandate, buyerSignature],
    },
    options,
  );
}
