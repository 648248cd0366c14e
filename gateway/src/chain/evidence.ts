import { BaseError, ContractFunctionRevertedError, type Hex } from "viem";
import type { SalusReader } from "@salus/sdk/chain/client";
import { findEvidence } from "@salus/sdk/orders/find-evidence";
import { dataUseAuthorityAbi } from "@salus/sdk/generated/abis";
import { DUO } from "@salus/sdk/generated/constants";
import type { Order, Terms } from "@salus/sdk/types";
import type { Refusal } from "../policy/reasons.ts";
import type { ChainView } from "./view.ts";

/** What the evidence of an order shows at a block, or what is wrong with it there. */
export type EvidenceFacts = { shown: bigint; flaw: Refusal | undefined };

/** Terms that ask for evidence, or that evidence can help with. */
const ASKING = DUO.EVIDENCED | DUO.DS;

/** What each error of the authority means for who asks; any other is bad evidence. */
const FLAWS: Readonly<Record<string, Refusal>> = {
  DataUseAuthority_AttestationRevoked: "GATEWAY_ATTESTATION_REVOKED",
  DataUseAuthority_AttestationExpired: "GATEWAY_ATTESTATION_EXPIRED",
  DataUseAuthority_IssuerNotListed: "GATEWAY_ISSUER_NOT_LISTED",
};

/**
 * Asks the authority again what an order's evidence shows, as the escrow did when the order was funded: an attestation
 * that was withdrawn, an issuer that was delisted or another closure of diseases since then show here.
 *
 * @param until when the use ends, in seconds: attestations must last until then
 */
export async function evidenceAt(
  chain: ChainView,
  asked: { id: Hex; order: Order; terms: Terms; until: number; blockHash: Hex },
): Promise<EvidenceFacts> {
  if (!(asked.terms.duo & ASKING)) return { shown: 0n, flaw: undefined };
  return chain.read(async (reader) => shownBy(reader, asked, await findEvidence(reader, asked.id)));
}

async function shownBy(
  { publicClient, deployment }: SalusReader,
  { order, terms, until, blockHash }: { order: Order; terms: Terms; until: number; blockHash: Hex },
  evidence: Hex,
): Promise<EvidenceFacts> {
  const { buyer, asset, uses, country, disease, project } = order;
  try {
    const shown = await publicClient.readContract({
      address: deployment.contracts.DataUseAuthority,
      abi: dataUseAuthorityAbi,
      functionName: "shownBy",
      args: [buyer, asset, { uses, country, disease, project }, until, terms, evidence],
      blockHash,
    });
    return { shown, flaw: undefined };
  } catch (error) {
    return { shown: 0n, flaw: flawOf(error) };
  }
}

/** @throws what is no answer of the authority: then nothing is known */
function flawOf(error: unknown): Refusal {
  const reverted =
    error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(reverted instanceof ContractFunctionRevertedError)) throw error;
  return FLAWS[reverted.data?.errorName ?? ""] ?? "GATEWAY_EVIDENCE_INVALID";
}
