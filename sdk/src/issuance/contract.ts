import type { SalusReader } from "../chain/client.ts";
import { issuanceAbi } from "../generated/abis.ts";

/** The issuance of a deployment, as viem takes it. */
export function issuanceOf({ deployment }: SalusReader) {
  return { address: deployment.contracts.Issuance, abi: issuanceAbi } as const;
}
