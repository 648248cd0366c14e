import type { Hex } from "viem";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { ExclusionFile } from "./types.ts";

/** The subjects that a delivered order's receipt left out beyond what the chain says. */
export function getExclusions(gateway: GatewayAddress, id: Hex): Promise<ExclusionFile> {
  return sendForJson(gateway, { method: "GET", path: `/v1/orders/${id}/exclusions` });
}
