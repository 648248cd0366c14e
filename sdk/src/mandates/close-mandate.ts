import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { mandatesAbi } from "../generated/abis.ts";
import type { Mandate } from "../types.ts";

/** Gives the buyer back what is unspent of a mandate whose time is over or whose asset is delisted; anyone may. */
export function closeMandate(
  salus: SalusWriter,
  mandate: Mandate,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Mandates,
      abi: mandatesAbi,
      functionName: "close",
      args: [mandate],
    },
    options,
  );
}
