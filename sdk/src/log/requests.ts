import type { Hex } from "viem";
import { type GatewayAddress, sendForJson } from "../gateway/http.ts";
import type { LogPosition } from "../gateway/types.ts";
import type { LogCheckpointResponse, LogConsistency, LogEntries, LogInclusion } from "./types.ts";

type Options = { signal?: AbortSignal };

/** Where a gateway's log stands. */
export function getLogPosition(gateway: GatewayAddress, options: Options = {}): Promise<LogPosition> {
  return sendForJson(gateway, { method: "GET", path: "/v1/log", ...options });
}

/** The last checkpoint that a gateway signed. @throws GatewayRequestError `GATEWAY_LOG_NO_CHECKPOINT` */
export function getCheckpoint(
  gateway: GatewayAddress,
  options: Options = {},
): Promise<LogCheckpointResponse> {
  return sendForJson(gateway, { method: "GET", path: "/v1/log/checkpoint", ...options });
}

/**
 * The proof that a leaf, named by its place or its hash, stands in the tree of some size. It proves nothing before it was
 * verified against a root from the chain.
 *
 * @throws GatewayRequestError `GATEWAY_LOG_RANGE`, `GATEWAY_LOG_LEAF_UNKNOWN`, `GATEWAY_LOG_DAMAGED`
 */
export function getInclusion(
  gateway: GatewayAddress,
  { size, signal, ...leaf }: { size: number } & ({ index: number } | { leaf: Hex }) & Options,
): Promise<LogInclusion> {
  const [name, value] = Object.entries(leaf)[0]!;
  const path = `/v1/log/inclusion?size=${size}&${name}=${value}`;
  return sendForJson(gateway, { method: "GET", path, ...(signal ? { signal } : {}) });
}

/**
 * The proof that the tree of `second` leaves begins with that of `first`.
 *
 * @throws GatewayRequestError `GATEWAY_LOG_RANGE`, `GATEWAY_LOG_DAMAGED`
 */
export function getConsistency(
  gateway: GatewayAddress,
  { first, second, signal }: { first: number; second: number } & Options,
): Promise<LogConsistency> {
  const path = `/v1/log/consistency?first=${first}&second=${second}`;
  return sendForJson(gateway, { method: "GET", path, ...(signal ? { signal } : {}) });
}

/** Leaf hashes from a place on, as many as the gateway gives at once. */
export function getEntries(
  gateway: GatewayAddress,
  { first, count, signal }: { first: number; count?: number } & Options,
): Promise<LogEntries> {
  const path = `/v1/log/entries?first=${first}${count === undefined ? "" : `&count=${count}`}`;
  return sendForJson(gateway, { method: "GET", path, ...(signal ? { signal } : {}) });
}
