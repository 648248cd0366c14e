import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Grant } from "../types.ts";
import type { Signed } from "./types.ts";

/** Signs a grant. Its nonce is the slot's exact nonce. */
export async function signGrant(
  deployment: Deployment,
  grant: Grant,
  subject: Signer,
): Promise<Signed<Grant>> {
  return { message: grant, signature: await signStruct(deployment, "Grant", grant, subject) };
}
