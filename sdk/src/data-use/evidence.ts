import { decodeAbiParameters, encodeAbiParameters, type Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import type { Signed } from "../consent/types.ts";
import { SalusError } from "../errors.ts";
import { dataUseAuthorityAbi } from "../generated/abis.ts";
import { OrderKind } from "../generated/constants.ts";
import { EVIDENCE_ABI } from "../generated/eip712.ts";
import type { Attestation, Evidence, Order, Terms } from "../types.ts";

/** What a buyer gathered for an order: signed attestations, and the descent of the declared disease. */
export type GatheredEvidence = {
  attestations?: readonly Signed<Attestation>[];
  /** from {@link DiseaseClosure.proof}; none where the terms' own disease is declared */
  descent?: readonly Hex[];
};

/**
 * Evidence as the escrow takes it. Of an attestation only what the order does not say itself is passed on; `0x` for none.
 */
export function encodeEvidence({ attestations = [], descent = [] }: GatheredEvidence): Hex {
  if (attestations.length === 0 && descent.length === 0) return "0x";
  const proofs = attestations.map(({ message: { kind, issuer, expiry, salt }, signature }) => ({
    kind,
    issuer,
    expiry,
    salt,
    signature,
  }));
  return encodeAbiParameters(EVIDENCE_ABI, [{ attestations: proofs, descent: [...descent] }]);
}

/** Reads evidence as orders carry it. @throws SDK_FILE_MALFORMED */
export function decodeEvidence(bytes: Hex): Evidence {
  if (bytes === "0x") return { attestations: [], descent: [] };
  try {
    return decodeAbiParameters(EVIDENCE_ABI, bytes)[0];
  } catch (cause) {
    throw new SalusError({ code: "SDK_FILE_MALFORMED", message: "These bytes are no evidence.", cause });
  }
}

/** When an order's use ends, in seconds: at its delivery, or for a download when its release is reported. */
export function endOfUse({ kind, deliverBy, reportWindow }: Order): number {
  return deliverBy + (kind === OrderKind.Download ? reportWindow : 0);
}

/**
 * Asks the chain what evidence shows for an order now, as `fund` will.
 * @throws DataUseAuthority_… where a part of it is not good, with a hint
 */
export async function readShown(
  { publicClient, deployment }: SalusReader,
  { order, terms, evidence }: { order: Order; terms: Terms; evidence: Hex },
): Promise<bigint> {
  const { buyer, asset, uses, country, disease, project } = order;
  try {
    return await publicClient.readContract({
      address: deployment.contracts.DataUseAuthority,
      abi: dataUseAuthorityAbi,
      functionName: "shownBy",
      args: [buyer, asset, { uses, country, disease, project }, endOfUse(order), terms, evidence],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
