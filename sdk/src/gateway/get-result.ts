import type { Hex } from "viem";
import { send } from "./http.ts";
import type { GatewayTarget, RequestSigner } from "./requests.ts";

/**
 * Fetches an order's sealed result, once its delivery is final on chain. Executor and cosigners hold it.
 *
 * @param signer the buyer
 * @throws GatewayRequestError `GATEWAY_NOT_FINAL` a few blocks long after the delivery
 */
export async function getResult(
  gateway: GatewayTarget,
  { id, signer }: { id: Hex; signer: RequestSigner },
): Promise<Uint8Array> {
  const response = await send(gateway, { method: "GET", path: `/v1/orders/${id}/result`, signer });
  return new Uint8Array(await response.arrayBuffer());
}
