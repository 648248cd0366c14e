import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { Revocation } from "../types.ts";
import type { Signed } from "./types.ts";

/**
 * Submits a revocation for a provisional subject that nobody controls yet, signed (see `signRevocation`) by the dataset's
 * custodian or with the code's key; anyone may submit.
 */
export function submitProvisionalRevocation(
  salus: SalusWriter,
  { message, codeKey, signature }: Signed<Revocation> & { codeKey: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "revokeProvisional",
      args: [message, codeKey, signature],
    },
    options,
  );
}

/** Revokes for several provisional subjects at once, as their dataset's custodian. Those with a controller are skipped. */
export function revokeProvisionalBatch(
  salus: SalusWriter,
  { dataset, codeKeys }: { dataset: bigint; codeKeys: readonly Address[] },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "revokeProvisionalBatch",
      args: [dataset, [...codeKeys]],
    },
    options,
  );
}
