import { readGateways, type RegisteredGateway } from "@salus/sdk/gateways/read-gateways";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ChainView } from "./view.ts";

/** All gateways, by index. */
export type Directory = {
  /** At most a few seconds old. */
  all(): Promise<ReadonlyMap<number, RegisteredGateway>>;
  /** @throws GATEWAY_INVALID_REQUEST for an index that nobody has */
  get(index: number): Promise<RegisteredGateway>;
};

/** Milliseconds after which the registry is read again. */
const LIFETIME = 5_000;

/** Opens the directory over the registry's events. */
export function openDirectory(chain: ChainView): Directory {
  let known: { at: number; entries: Promise<ReadonlyMap<number, RegisteredGateway>> } | undefined;
  const all = () => {
    if (!known || Date.now() - known.at > LIFETIME) {
      const entries = readAll(chain);
      known = { at: Date.now(), entries };
      // A failed read must not be remembered.
      entries.catch(() => (known = undefined));
    }
    return known.entries;
  };
  return {
    all,
    async get(index) {
      const entry = (await all()).get(index);
      if (entry) return entry;
      throw new GatewayError("GATEWAY_INVALID_REQUEST", `No gateway has the index ${index}.`);
    },
  };
}

async function readAll({ reader }: ChainView): Promise<ReadonlyMap<number, RegisteredGateway>> {
  try {
    return new Map((await readGateways(reader)).map((gateway) => [gateway.index, gateway]));
  } catch (cause) {
    throw new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The gateway registry could not be read.", { cause });
  }
}
