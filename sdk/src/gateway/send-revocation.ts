import type { Address, Hex } from "viem";
import type { Signed } from "../consent/types.ts";
import type { ProxyRevocation, Revocation } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { RevocationResponse, SignedRevocation } from "./types.ts";
import { toWire } from "./wire.ts";

/**
 * Hands a signed revocation to a gateway: from its answer on it denies, and it passes the revocation on to the other
 * gateways and to the chain, at its own cost. With `codeKey` the holder of a one-time code or the custodian revokes for
 * a provisional subject; with `twoPerson` the custodian takes back what it granted together with the person. What a
 * proxy signed is sent by {@link sendProxyRevocation}.
 */
export function sendRevocation(
  gateway: GatewayAddress,
  { message, ...signed }: { message: Revocation; signature: Hex; codeKey?: Address; twoPerson?: boolean },
): Promise<RevocationResponse> {
  const json: SignedRevocation = { revocation: toWire("Revocation", message), ...signed };
  return sendForJson(gateway, { method: "POST", path: "/v1/consents/revocations", json });
}

/** Hands a proxy's revocation (`signProxyWord`) to a gateway, which denies on receipt as for the person's own. */
export function sendProxyRevocation(
  gateway: GatewayAddress,
  { message, signature }: Signed<ProxyRevocation>,
): Promise<RevocationResponse> {
  const { proxy: key, since, ...revocation } = message;
  const json: SignedRevocation = {
    revocation: toWire("Revocation", revocation),
    signature,
    proxy: { key, since },
  };
  return sendForJson(gateway, { method: "POST", path: "/v1/consents/revocations", json });
}
