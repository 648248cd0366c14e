import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { Grant, Revocation } from "../types.ts";
import type { Signed } from "./types.ts";

/**
 * Submits a grant that a person and their dataset's custodian have both signed (see `signGrant`; `modes` with
 * `MODES.TWO_PERSON`); anyone may.
 */
export function submitTwoPersonGrant(
  salus: SalusWriter,
  { message, signature, custodianSignature }: Signed<Grant> & { custodianSignature: Hex },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "grantTwoPerson",
      args: [message, signature, custodianSignature],
    },
    options,
  );
}

/** Submits a custodian's revocation of what it granted together with a person; anyone may. */
export function submitTwoPersonRevocation(
  salus: SalusWriter,
  { message, signature }: Signed<Revocation>,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "revokeTwoPerson",
      args: [message, signature],
    },
    options,
  );
}
