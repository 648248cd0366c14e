import { type GatewayAddress, sendForJson } from "./http.ts";
import type { GatewayInfo } from "./types.ts";

/** Who a gateway is: name, index, keys. What it says of its keys is checked against the registry by who uses them. */
export function getInfo(gateway: GatewayAddress): Promise<GatewayInfo> {
  return sendForJson(gateway, { method: "GET", path: "/v1/info" });
}
