import { setTimeout as wait } from "node:timers/promises";
import { ConfigError } from "../config/config-error.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import type { ChainView } from "./view.ts";

/**
 * Holds every configured endpoint to the deployment's chain before anything is served. An endpoint that does not answer
 * yet is waited for; one that answers for another chain never gets better.
 *
 * @param patience milliseconds to wait for endpoints that do not answer
 * @throws ConfigError naming which endpoint, by its place: an address may hold a secret
 */
export async function assertChain(
  { readEach, reader }: ChainView,
  { patience = 60_000, pause = 1_000 } = {},
): Promise<void> {
  const { chainId } = reader.deployment;
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      const found = await readEach(({ publicClient }) => publicClient.getChainId());
      const place = found.findIndex((id) => id !== chainId);
      if (place === -1) return;
      throw new ConfigError(
        "SALUS_RPC_URLS",
        `endpoint ${place + 1} serves chain ${found[place]}, but the deployment is of chain ${chainId}`,
      );
    } catch (error) {
      if (!isGatewayError(error, "GATEWAY_CHAIN_UNAVAILABLE")) throw error;
      if (Date.now() > deadline) throw new ConfigError("SALUS_RPC_URLS", "not every endpoint answers", error);
    }
    await wait(pause);
  }
}
