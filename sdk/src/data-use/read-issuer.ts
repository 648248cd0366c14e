import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { dataUseAuthorityAbi } from "../generated/abis.ts";

/** What an account may attest, as bits of the terms, and its last second; no kinds for one that no vote listed. */
export async function readIssuer(
  { publicClient, deployment }: SalusReader,
  issuer: Address,
): Promise<{ kinds: bigint; until: number }> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.DataUseAuthority,
      abi: dataUseAuthorityAbi,
      functionName: "issuerOf",
      args: [issuer],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
