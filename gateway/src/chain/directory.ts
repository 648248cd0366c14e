import type { Address, Hex } from "viem";
import { gatewayRegistryAbi } from "@salus/sdk/generated/abis";
import { GatewayStatus } from "@salus/sdk/generated/constants";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ChainView } from "./view.ts";

/** A gateway as the registry announces it. */
export type GatewayEntry = {
  index: number;
  operator: Address;
  signer: Address;
  sealingKey: Hex;
  name: string;
  url: string;
  active: boolean;
};

/** All gateways, by index. */
export type Directory = {
  /** At most a few seconds old. */
  all(): Promise<ReadonlyMap<number, GatewayEntry>>;
  /** @throws GATEWAY_INVALID_REQUEST for an index that nobody has */
  get(index: number): Promise<GatewayEntry>;
};

/** Milliseconds after which the registry is read again. */
const LIFETIME = 5_000;

/** Opens the directory over the registry's events. */
export function openDirectory(chain: ChainView): Directory {
  let known: { at: number; entries: Promise<ReadonlyMap<number, GatewayEntry>> } | undefined;
  const all = () => {
    if (!known || Date.now() - known.at > LIFETIME) {
      const entries = readGateways(chain);
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

async function readGateways({ reader }: ChainView): Promise<ReadonlyMap<number, GatewayEntry>> {
  const { publicClient, deployment } = reader;
  const registry = { address: deployment.contracts.GatewayRegistry, abi: gatewayRegistryAbi } as const;
  const since = { fromBlock: BigInt(deployment.startBlock), strict: true } as const;
  try {
    const [admitted, moved] = await Promise.all([
      publicClient.getContractEvents({ ...registry, eventName: "GatewayAdmitted", ...since }),
      publicClient.getContractEvents({ ...registry, eventName: "GatewayUrlChanged", ...since }),
    ]);
    const entries = new Map<number, GatewayEntry>();
    for (const { args } of admitted) {
      const { status } = await publicClient.readContract({
        ...registry,
        functionName: "gatewayOf",
        args: [args.gateway],
      });
      const { gateway: index, operator, signer, sealingKey, name, url } = args;
      entries.set(index, {
        index,
        operator,
        signer,
        sealingKey,
        name,
        url,
        active: status === GatewayStatus.Active,
      });
    }
    for (const { args } of moved) {
      const entry = entries.get(args.gateway);
      if (entry) entries.set(args.gateway, { ...entry, url: args.url });
    }
    return entries;
  } catch (cause) {
    throw new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The gateway registry could not be read.", { cause });
  }
}
