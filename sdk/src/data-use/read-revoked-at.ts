import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { dataUseAuthorityAbi } from "../generated/abis.ts";
import type { AttestationRevocation } from "../types.ts";

/** When an issuer withdrew an attestation, in seconds; 0 if never. */
export async function readRevokedAt(
  salus: SalusReader,
  { issuer, attestation }: AttestationRevocation,
): Promise<number> {
  try {
    return await salus.publicClient.readContract({
      address: salus.deployment.contracts.DataUseAuthority,
      abi: dataUseAuthorityAbi,
      functionName: "revokedAt",
      args: [issuer, attestation],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
