import type { Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Checkpoint } from "../types.ts";

/** A gateway's signature over the state of a log, its own or another's. */
export function signCheckpoint(deployment: Deployment, checkpoint: Checkpoint, signer: Signer): Promise<Hex> {
  return signStruct(deployment, "Checkpoint", checkpoint, signer);
}
