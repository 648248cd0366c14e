import type { Address } from "viem";
import { SalusError } from "../errors.ts";
import { getInfo } from "./get-info.ts";
import type { GatewayTarget } from "./requests.ts";

/**
 * The target that signed requests to a gateway need, from its address alone.
 *
 * @example
 * const gateway = await reachGateway({ url, chainId: 31337, gatewayRegistry: deployment.contracts.GatewayRegistry });
 *
 * @throws SDK_GATEWAY_OTHER_CHAIN when the gateway serves another deployment
 */
export async function reachGateway(options: {
  url: string;
  chainId: number;
  gatewayRegistry: Address;
  fetch?: typeof globalThis.fetch;
}): Promise<GatewayTarget> {
  const info = await getInfo(options);
  const same =
    info.chainId === options.chainId &&
    info.gatewayRegistry.toLowerCase() === options.gatewayRegistry.toLowerCase();
  if (same) return { ...options, index: info.index };
  throw new SalusError({
    code: "SDK_GATEWAY_OTHER_CHAIN",
    message: `The gateway at ${options.url} serves another deployment (chain ${info.chainId}).`,
    hint: "Use the gateway addresses that the registry of your chain announces.",
    details: { url: options.url, chainId: info.chainId },
  });
}
