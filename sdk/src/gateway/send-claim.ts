import type { SignedClaim } from "../rewards/sign-claim.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { RelayClaimRequest, RelayClaimResponse } from "./types.ts";
import { toWire } from "./wire.ts";

/** Hands a signed claim to a gateway, which proves it and submits it on chain at its own cost. */
export function sendClaim(
  gateway: GatewayAddress,
  { claim, signature }: SignedClaim,
): Promise<RelayClaimResponse> {
  const json: RelayClaimRequest = { claim: toWire("Claim", claim), signature };
  return sendForJson(gateway, { method: "POST", path: "/v1/rewards/claims", json });
}
