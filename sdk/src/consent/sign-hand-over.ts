import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Contest, HandOver } from "../types.ts";
import type { Signed } from "./types.ts";

/** Signs a hand-over: the holder of the code does, with the code's key, and the dataset's custodian. */
export async function signHandOver(
  deployment: Deployment,
  handOver: HandOver,
  signer: Signer,
): Promise<Signed<HandOver>> {
  return { message: handOver, signature: await signStruct(deployment, "HandOver", handOver, signer) };
}

/** Signs an objection to a hand-over that is not in force yet: with the code's key, or as the dataset's custodian. */
export async function signContest(
  deployment: Deployment,
  contest: Contest,
  signer: Signer,
): Promise<Signed<Contest>> {
  return { message: contest, signature: await signStruct(deployment, "Contest", contest, signer) };
}
