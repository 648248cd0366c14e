import { toHex, type Address, type Hex, type TransactionReceipt } from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Signed } from "../consent/types.ts";
import { SalusError } from "../errors.ts";
import { dataUseAuthorityAbi } from "../generated/abis.ts";
import { DUO } from "../generated/constants.ts";
import type { Attestation, AttestationRevocation, Order } from "../types.ts";

/** What can be attested, by the short name of the term that asks for it. */
export const ATTESTED_KINDS = { RS: 5, COL: 10, IRB: 11, US: 15, PS: 16, IS: 17 } as const;
export type AttestedKind = keyof typeof ATTESTED_KINDS;

/** The part of an order to which attestations are bound. */
export type AttestedUse = Pick<Order, "buyer" | "asset" | "uses" | "country" | "disease" | "project">;

/**
 * An attestation of one kind for one use, ready for its issuer to read and sign.
 *
 * @param expiry last second at which a use that rests on it may end
 * @param salt tells it from another of the same content; random by default
 */
export function attestationOf(
  use: AttestedUse,
  { kind, issuer, expiry, salt }: { kind: AttestedKind; issuer: Address; expiry: number; salt?: Hex },
): Attestation {
  const { buyer, asset, uses, country, disease, project } = use;
  return {
    kind: ATTESTED_KINDS[kind],
    issuer,
    buyer,
    dataset: asset,
    uses,
    country,
    disease,
    project,
    expiry,
    salt: salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
  };
}

/** Signs an attestation (EIP-712). @throws SDK_INVALID_INPUT for a kind that no term asks for */
export async function signAttestation(
  deployment: Deployment,
  attestation: Attestation,
  issuer: Signer,
): Promise<Signed<Attestation>> {
  if (!((1n << BigInt(attestation.kind)) & DUO.ATTESTED)) {
    throw new SalusError({
      code: "SDK_INVALID_INPUT",
      message: `No term asks for an attestation of kind ${attestation.kind}.`,
      hint: `Choose one of ${Object.keys(ATTESTED_KINDS).join(", ")}.`,
      details: { kind: attestation.kind },
    });
  }
  return {
    message: attestation,
    signature: await signStruct(deployment, "Attestation", attestation, issuer),
  };
}

/** The digest of an attestation: by it the issuer withdraws it. */
export function attestationDigest(deployment: Deployment, attestation: Attestation): Hex {
  return hashStruct(deployment, "Attestation", attestation);
}

/** The sender withdraws an attestation of theirs for the future: what was delivered before stays delivered. */
export function revokeAttestation(
  salus: SalusWriter,
  attestation: Hex,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(salus, { ...authority(salus), functionName: "revoke", args: [attestation] }, options);
}

/** Signs the withdrawal of an attestation, for those who let others send it. */
export async function signAttestationRevocation(
  deployment: Deployment,
  revocation: AttestationRevocation,
  issuer: Signer,
): Promise<Signed<AttestationRevocation>> {
  const signature = await signStruct(deployment, "AttestationRevocation", revocation, issuer);
  return { message: revocation, signature };
}

/** Sends a signed withdrawal; anyone may. */
export function submitAttestationRevocation(
  salus: SalusWriter,
  { message, signature }: Signed<AttestationRevocation>,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const call = { ...authority(salus), functionName: "revokeFor", args: [message, signature] } as const;
  return send(salus, call, options);
}

/** When an issuer withdrew an attestation, in seconds; 0 if never. */
export async function readRevokedAt(
  salus: SalusReader,
  { issuer, attestation }: AttestationRevocation,
): Promise<number> {
  try {
    return await salus.publicClient.readContract({
      ...authority(salus),
      functionName: "revokedAt",
      args: [issuer, attestation],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}

function authority({ deployment }: Pick<SalusReader, "deployment">) {
  return { address: deployment.contracts.DataUseAuthority, abi: dataUseAuthorityAbi } as const;
}
