import type { Hex } from "viem";
import type { LogPosition } from "../gateway/types.ts";
import type { GatewaySignature } from "../orders/deliver-order.ts";

/** Answer of `GET /v1/log/checkpoint`: the last one the gateway signed. */
export type LogCheckpointResponse = {
  checkpoint: LogPosition;
  /** of the gateway itself */
  signature: Hex;
  /** of others, ascending */
  cosignatures: GatewaySignature[];
  /** of its posting on chain, once it was seen there */
  transaction?: Hex;
};

/** Answer of `GET /v1/log/inclusion?size=&index=` or `&leaf=`. */
export type LogInclusion = { index: number; leaf: Hex; size: number; root: Hex; proof: Hex[] };

/** Answer of `GET /v1/log/consistency?first=&second=`. */
export type LogConsistency = {
  first: number;
  firstRoot: Hex;
  second: number;
  secondRoot: Hex;
  proof: Hex[];
};

/** Answer of `GET /v1/log/entries?first=&count=`: leaf hashes from `first` on, and the size of the whole log. */
export type LogEntries = { first: number; leaves: Hex[]; size: number };
