import type { Hex } from "viem";
import type { Grant } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { GrantResponse, SignedGrant } from "./types.ts";
import { toWire } from "./wire.ts";

/**
 * Hands a signed grant to a gateway, which submits it on chain at its own cost. With the two-person bit it carries the
 * custodian's signature too.
 */
export function sendGrant(
  gateway: GatewayAddress,
  { message, ...signed }: { message: Grant; signature: Hex; custodianSignature?: Hex },
): Promise<GrantResponse> {
  const json: SignedGrant = { grant: toWire("Grant", message), ...signed };
  return sendForJson(gateway, { method: "POST", path: "/v1/consents/grants", json });
}
