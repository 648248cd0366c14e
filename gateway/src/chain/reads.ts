import type { Address, Hex } from "viem";
import { type AssetCfg } from "@salus/sdk/assets/read-asset";
import type { SalusReader } from "@salus/sdk/chain/client";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import {
  accessEscrowAbi,
  assetRegistryAbi,
  consentRegistryAbi,
  gatewayRegistryAbi,
} from "@salus/sdk/generated/abis";
import type { OrderStatus } from "@salus/sdk/orders/read-order-status";
import type { ChainView } from "./view.ts";

/*
 * Reads pinned to a block by its hash: after a reorganisation they fail instead of answering for another block.
 */

/** Subjects whose slots one call reads. */
const SLOTS_AT_ONCE = 1000;

/** Most slots of one dataset that are kept of a block. */
const SLOTS_KEPT = 20_000;

/** Slots of many subjects at a block, by lower-case subject. */
export async function slotsAt(
  chain: ChainView,
  dataset: bigint,
  subjects: readonly Address[],
  blockHash: Hex,
): Promise<ReadonlyMap<string, ConsentSlot>> {
  const kept = await chain.readAt(blockHash, `slots ${dataset}`, async () => new Map<string, ConsentSlot>());
  const missing = subjects.filter((subject) => !kept.has(subject.toLowerCase()));
  if (missing.length === 0) return kept;
  const few = kept.size + missing.length <= SLOTS_KEPT;
  return readSlots(chain, dataset, few ? missing : subjects, blockHash, few ? kept : new Map());
}

async function readSlots(
  chain: ChainView,
  dataset: bigint,
  subjects: readonly Address[],
  blockHash: Hex,
  slots: Map<string, ConsentSlot>,
): Promise<ReadonlyMap<string, ConsentSlot>> {
  for (let at = 0; at < subjects.length; at += SLOTS_AT_ONCE) {
    const some = subjects.slice(at, at + SLOTS_AT_ONCE);
    const read = await chain.read(({ publicClient, deployment }) =>
      publicClient.readContract({
        address: deployment.contracts.ConsentRegistry,
        abi: consentRegistryAbi,
        functionName: "slotsOf",
        args: [dataset, some],
        blockHash,
      }),
    );
    some.forEach((subject, i) => slots.set(subject.toLowerCase(), read[i]!));
  }
  return slots;
}

/** An order's changing part at a block. */
export function orderStatusAt(chain: ChainView, id: Hex, blockHash: Hex): Promise<OrderStatus> {
  return chain.readAt(blockHash, `status ${id}`, (reader) =>
    reader.publicClient.readContract({
      address: reader.deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "statusOf",
      args: [id],
      blockHash,
    }),
  );
}

/** What the registry says of an asset at a block. */
export type AssetFactsOnChain = { cfg: AssetCfg; termsHash: Hex; versionHash: Hex };

/** Configuration and terms of an asset, and the hash of one of its versions. */
export function assetAt(
  chain: ChainView,
  asset: bigint,
  version: number,
  blockHash: Hex,
): Promise<AssetFactsOnChain> {
  return chain.readAt(blockHash, `asset ${asset}/${version}`, async ({ publicClient, deployment }) => {
    const registry = {
      address: deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      blockHash,
    } as const;
    const [cfg, termsHash, versionHash] = await Promise.all([
      publicClient.readContract({ ...registry, functionName: "cfgOf", args: [asset] }),
      publicClient.readContract({ ...registry, functionName: "termsHashOf", args: [asset] }),
      publicClient.readContract({ ...registry, functionName: "versionHashOf", args: [asset, version] }),
    ]);
    return { cfg, termsHash, versionHash };
  });
}

/** Custodian and modes of an asset; they never change. Zeros for one that is not listed. */
export async function custodyOf(
  chain: ChainView,
  asset: bigint,
): Promise<{ custodian: number; modes: number }> {
  const { custodian, modes } = await chain.read(({ publicClient, deployment }: SalusReader) =>
    publicClient.readContract({
      address: deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      functionName: "cfgOf",
      args: [asset],
    }),
  );
  return { custodian, modes };
}

/** Members (ascending) and threshold of a gateway set, at a block or now. Sets never change. */
export async function gatewaySetOf(
  chain: ChainView,
  gatewaySet: number,
  blockHash?: Hex,
): Promise<{ members: readonly number[]; threshold: number }> {
  const query = ({ publicClient, deployment }: SalusReader) =>
    publicClient.readContract({
      address: deployment.contracts.GatewayRegistry,
      abi: gatewayRegistryAbi,
      functionName: "setOf",
      args: [gatewaySet],
      ...(blockHash ? { blockHash } : {}),
    });
  const [members, threshold] = await (blockHash
    ? chain.readAt(blockHash, `set ${gatewaySet}`, query)
    : chain.read(query));
  return { members, threshold };
}
