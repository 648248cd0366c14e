import type { Hex } from "viem";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { OrderView } from "./types.ts";

/** Where the executor stands with an order. */
export function getOrder(gateway: GatewayAddress, id: Hex): Promise<OrderView> {
  return sendForJson(gateway, { method: "GET", path: `/v1/orders/${id}` });
}
