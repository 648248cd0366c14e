import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { Grant } from "../types.ts";
import type { Signed } from "./types.ts";

/** Submits a signed grant; anyone may. */
export function submitGrant(
  salus: SalusWriter,
  { message, signature }: Signed<Grant>,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "grantBySig",
      args: [message, signature],
    },
    options,
  );
}
