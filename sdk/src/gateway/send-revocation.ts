import type { Hex } from "viem";
import type { Revocation } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { RevocationResponse, SignedRevocation } from "./types.ts";
import { toWire } from "./wire.ts";

/**
 * Hands a signed revocation to a gateway: from its answer on it denies, and it passes the revocation on to the other
 * gateways and to the chain, at its own cost.
 */
export function sendRevocation(
  gateway: GatewayAddress,
  { message, signature }: { message: Revocation; signature: Hex },
): Promise<RevocationResponse> {
  const json: SignedRevocation = { revocation: toWire("Revocation", message), signature };
  return sendForJson(gateway, { method: "POST", path: "/v1/consents/revocations", json });
}
