import type { SignedTypes } from "../chain/typed-data.ts";
import type { ProxyWord } from "../consent/proxies.ts";
import type { Signed } from "../consent/types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { ProxyRequest, RelayResponse } from "./types.ts";
import { toWire, type Struct } from "./wire.ts";

/**
 * Hands a signed word about a proxy, or a proxy's grant, to a gateway, which submits it on chain at its own cost. A
 * proxy's revocation counts on receipt: `sendProxyRevocation`.
 */
export function sendProxyWord<Name extends Exclude<ProxyWord, "ProxyRevocation">>(
  gateway: GatewayAddress,
  name: Name,
  { message, signature }: Signed<SignedTypes[Name]>,
): Promise<RelayResponse> {
  const wire = toWire(name, message as Struct<Name>);
  const json = { message: wire, signature } as unknown as ProxyRequest;
  return sendForJson(gateway, { method: "POST", path: `/v1/consents/proxies/${name}`, json });
}
