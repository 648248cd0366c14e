import type { Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Claim } from "../types.ts";

/** A claim with the signature of the subject, or of who controls it. */
export type SignedClaim = { claim: Claim; signature: Hex };

/**
 * Signs a claim that anyone may then submit. It pays each unit once, and nothing beyond `upTo`.
 * @example const signed = await signClaim(deployment, { dataset, token, subject, to, upTo, deadline }, key);
 */
export async function signClaim(deployment: Deployment, claim: Claim, signer: Signer): Promise<SignedClaim> {
  return { claim, signature: await signStruct(deployment, "Claim", claim, signer) };
}
