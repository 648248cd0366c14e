import type { Address, Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import type { Signer } from "../chain/sign-struct.ts";
import type { Signed } from "../consent/types.ts";
import { attestationOf, signAttestation } from "../data-use/attestation.ts";
import type { AttestedKind } from "../data-use/attested-kinds.ts";
import type { Attestation } from "../types.ts";
import { send } from "./http.ts";
import { addressOf, freshness, type GatewayTarget, type RequestSigner, signRequest } from "./requests.ts";
import type { ApplicationView, SignedApproval, SignedRefusal } from "./types.ts";
import { fromWire, toWire } from "./wire.ts";

/**
 * Signs a committee's approval of an application: an attestation bound to its buyer, project, dataset and purpose.
 * @param expiry last second at which a use that rests on it may end
 */
export async function approveApplication(
  deployment: Deployment,
  { application }: Pick<ApplicationView, "application">,
  {
    issuer,
    address,
    expiry,
    kind = "IRB",
  }: { issuer: Signer; address: Address; expiry: number; kind?: AttestedKind },
): Promise<Signed<Attestation>> {
  const { applicant, dataset, uses, country, disease, project } = application;
  const use = { buyer: applicant, asset: BigInt(dataset), uses: BigInt(uses), country, disease, project };
  return signAttestation(deployment, attestationOf(use, { kind, issuer: address, expiry }), issuer);
}

/** Tells a gateway of an approval, so that the applicant finds it. @throws GATEWAY_APPROVAL_INVALID */
export async function submitApproval(
  gateway: GatewayTarget,
  { id, approval }: { id: Hex; approval: Signed<Attestation> },
): Promise<void> {
  const json: SignedApproval = {
    attestation: toWire("Attestation", approval.message),
    signature: approval.signature,
  };
  await send(gateway, { method: "POST", path: `/v1/applications/${id}/approvals`, json });
}

/** Signs a refusal with its reason; one signature serves all gateways. */
export async function refuseApplication(
  scope: Pick<GatewayTarget, "chainId" | "gatewayRegistry">,
  { id, reason, issuer }: { id: Hex; reason: string; issuer: RequestSigner },
): Promise<SignedRefusal> {
  const refusal = { application: id, issuer: addressOf(issuer), reason, ...freshness() };
  const signature = await signRequest({
    ...scope,
    signer: issuer,
    primaryType: "Refusal",
    message: refusal,
  });
  return { refusal, signature };
}

/** Tells a gateway of a refusal. @throws GATEWAY_NOT_ENTITLED unless the signer is a listed committee */
export async function submitRefusal(gateway: GatewayTarget, signed: SignedRefusal): Promise<void> {
  const { application } = signed.refusal;
  await send(gateway, { method: "POST", path: `/v1/applications/${application}/refusals`, json: signed });
}

/** The approval in a decision, ready to be shown with an order: see `encodeEvidence`. */
export function approvalOf({ attestation, signature }: SignedApproval): Signed<Attestation> {
  return { message: fromWire("Attestation", attestation), signature };
}
