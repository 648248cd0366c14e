import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import { SalusError } from "../errors.ts";
import { CONSENT } from "../generated/constants.ts";
import type { Grant } from "../types.ts";
import type { Signed } from "./types.ts";

/**
 * Signs a grant. Its nonce is the slot's exact nonce, or that of one of the next grants in a row.
 *
 * @param subject the subject's key, or its controller's
 * @param slotNonce the slot's nonce now: a revocation covers what lies less than 2^16 above it, so nothing beyond is signed
 * @throws SDK_NONCE_TOO_FAR
 */
export async function signGrant(
  deployment: Deployment,
  grant: Grant,
  subject: Signer,
  slotNonce: number,
): Promise<Signed<Grant>> {
  assertNonceNear(grant.nonce, slotNonce);
  return { message: grant, signature: await signStruct(deployment, "Grant", grant, subject) };
}

/** @throws SDK_NONCE_TOO_FAR when a grant of that nonce could outlive a revocation, or can never be taken */
export function assertNonceNear(nonce: number, slotNonce: number): void {
  if (nonce >= slotNonce && nonce - slotNonce < CONSENT.REVOCATION_STEP) return;
  throw new SalusError({
    code: "SDK_NONCE_TOO_FAR",
    message: `A grant with nonce ${nonce} is not signed while the slot's nonce is ${slotNonce}.`,
    details: { nonce, slotNonce },
  });
}
