import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { Revocation } from "../types.ts";
import type { Signed } from "./types.ts";

/** Submits a signed revocation; anyone may. */
export function submitRevocation(
  salus: SalusWriter,
  { message, signature }: Signed<Revocation>,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "revokeBySig",
      args: [message, signature],
    },
    options,
  );
}
