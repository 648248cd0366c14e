import type { Hex } from "viem";
import { toHex } from "@salus/sdk/crypto/bytes";
import { emptyRoot, nodeHash } from "@salus/sdk/log/hashes";
import { GatewayError } from "../errors/gateway-error.ts";
import {
  consistencyRanges,
  inclusionRanges,
  type NodeKey,
  perfectNodes,
  type Range,
} from "./proof-ranges.ts";

/** Reads stored nodes of the log's tree, by {@link nodeName}; those that are not there are left out. */
export type NodeReader = (keys: readonly NodeKey[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/** How a node is called in a {@link NodeReader}'s answer. */
export function nodeName({ level, index }: NodeKey): string {
  return `${level}/${index}`;
}

/**
 * Root of the tree of the first `size` leaves.
 *
 * @throws GATEWAY_LOG_DAMAGED
 */
export async function rootAt(read: NodeReader, size: number): Promise<Hex> {
  if (size === 0) return toHex(emptyRoot());
  return (await hashRanges(read, [{ from: 0, to: size }]))[0]!;
}

/**
 * Audit path of a leaf (RFC 6962 §2.1.1) from O(log n) stored nodes.
 *
 * @throws GATEWAY_LOG_DAMAGED when a node is not there any more
 */
export function inclusionProof(read: NodeReader, index: number, size: number): Promise<Hex[]> {
  return hashRanges(read, inclusionRanges(index, size));
}

/** Audit paths of several leaves with one read. @throws GATEWAY_LOG_DAMAGED */
export async function inclusionProofs(
  read: NodeReader,
  indexes: readonly number[],
  size: number,
): Promise<Hex[][]> {
  const paths = indexes.map((index) => inclusionRanges(index, size));
  const hashes = await hashRanges(read, paths.flat());
  let at = 0;
  return paths.map(({ length }) => hashes.slice(at, (at += length)));
}

/** Consistency proof between two sizes (RFC 6962 §2.1.2) from O(log n) stored nodes. @throws GATEWAY_LOG_DAMAGED */
export function consistencyProof(read: NodeReader, first: number, second: number): Promise<Hex[]> {
  return hashRanges(read, consistencyRanges(first, second));
}

async function hashRanges(read: NodeReader, ranges: readonly Range[]): Promise<Hex[]> {
  const parts = ranges.map(perfectNodes);
  const wanted = new Map(parts.flat().map((key) => [nodeName(key), key]));
  const nodes = wanted.size === 0 ? new Map<string, Uint8Array>() : await read([...wanted.values()]);
  return parts.map((keys) => {
    const hashes = keys.map((key) => nodes.get(nodeName(key)) ?? damaged(key));
    return toHex(hashes.reduceRight((right, left) => nodeHash(left, right)));
  });
}

function damaged({ level, index }: NodeKey): never {
  const message = `The log has lost node ${index} of level ${level}.`;
  throw new GatewayError("GATEWAY_LOG_DAMAGED", message);
}
