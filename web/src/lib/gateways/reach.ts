import type { GatewayTarget } from "@salus/sdk/gateway/requests";
import type { PublicConfig } from "#lib/config.ts";
import { WebError } from "#lib/errors.ts";

/** A gateway as the registry names it. */
export interface GatewayName {
  /** name under which this site reaches it, which is its name in the registry */
  name: string;
  /** number in the registry */
  number: number;
}

/** A gateway behind this site's own `/api/gateway/<name>`: requests keep the path that they are signed for. */
export function gatewayAddress(name: string): Pick<GatewayTarget, "url" | "fetch"> {
  return { url: `${location.origin}/api/gateway/${name}`, fetch: through(name) };
}

/**
 * A gateway to which signed requests can be sent.
 * @throws WEB_GATEWAY_UNKNOWN when this site does not know it; WEB_DEPLOYMENT
 */
export function gatewayTarget(
  config: Pick<PublicConfig, "chainId" | "contracts" | "gateways">,
  { name, number }: GatewayName,
): GatewayTarget {
  if (!config.gateways.includes(name)) throw new WebError("WEB_GATEWAY_UNKNOWN", { detail: name });
  const gatewayRegistry = config.contracts["GatewayRegistry"];
  if (!gatewayRegistry) throw new WebError("WEB_DEPLOYMENT");
  return { ...gatewayAddress(name), index: number, chainId: config.chainId, gatewayRegistry };
}

function through(name: string): typeof fetch {
  return (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    return fetch(`/api/gateway/${name}${pathname}${search}`, init);
  };
}
