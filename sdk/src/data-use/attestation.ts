import { toHex, type Address, type Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Signed } from "../consent/types.ts";
import { SalusError } from "../errors.ts";
import { DUO } from "../generated/constants.ts";
import type { Attestation, Order } from "../types.ts";
import { ATTESTED_KINDS, type AttestedKind } from "./attested-kinds.ts";

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
