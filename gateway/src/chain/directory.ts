import { readGateways, type RegisteredGateway } from "@salus/sdk/gateways/read-gateways";
import { GatewayError, isGatewayError } from "../errors/gateway-error.ts";
import { type ChainView, isInDoubt } from "./view.ts";

/** All gateways, by index. */
export type Directory = {
  /** At most a few seconds old. */
  all(): Promise<ReadonlyMap<number, RegisteredGateway>>;
  /** What was read last, while the chain is in doubt: enough to tell the others something that is signed. */
  lastKnown(): Promise<ReadonlyMap<number, RegisteredGateway>>;
  /** @throws GATEWAY_INVALID_REQUEST for an index that nobody has */
  get(index: number): Promise<RegisteredGateway>;
};

/** Milliseconds after which the registry is read again. */
const LIFETIME = 5_000;

/** Opens the directory over the registry's events. */
export function openDirectory(chain: ChainView): Directory {
  let last: ReadonlyMap<number, RegisteredGateway> | undefined;
  let known: { at: number; entries: Promise<ReadonlyMap<number, RegisteredGateway>> } | undefined;
  const all = () => {
    if (!known || Date.now() - known.at > LIFETIME) {
      const entries = readAll(chain);
      known = { at: Date.now(), entries };
      // A failed read must not be remembered.
      entries.then(
        (read) => (last = read),
        () => (known = undefined),
      );
    }
    return known.entries;
  };
  return {
    all,
    lastKnown: () =>
      all().catch((error: unknown) => {
        if (last && isInDoubt(error)) return last;
        throw error;
      }),
    async get(index) {
      const entry = (await all()).get(index);
      if (entry) return entry;
      throw new GatewayError("GATEWAY_INVALID_REQUEST", `No gateway has the index ${index}.`);
    },
  };
}

/** Keys and addresses of the others decide to whom key shares are sealed: all endpoints must have the same ones. */
async function readAll(chain: ChainView): Promise<ReadonlyMap<number, RegisteredGateway>> {
  try {
    const { head } = await chain.snapshot();
    const all = await chain.read((reader) => readGateways(reader, { toBlock: head.number }));
    return new Map(all.map((gateway) => [gateway.index, gateway]));
  } catch (cause) {
    if (isGatewayError(cause)) throw cause;
    throw new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The gateway registry could not be read.", { cause });
  }
}
