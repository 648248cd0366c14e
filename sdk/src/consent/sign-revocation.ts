import type { Address } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import { CONSENT } from "../generated/constants.ts";
import type { Revocation } from "../types.ts";
import type { Signed } from "./types.ts";

/** Signs a revocation that covers every grant pending now: up to the slot's nonce + 2^16. */
export async function signRevocation(
  deployment: Deployment,
  { dataset, subject, nonce }: { dataset: bigint; subject: Address; nonce: number },
  signer: Signer,
): Promise<Signed<Revocation>> {
  const message: Revocation = { dataset, subject, maxNonce: nonce + CONSENT.REVOCATION_STEP };
  return { message, signature: await signStruct(deployment, "Revocation", message, signer) };
}
