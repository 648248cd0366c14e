import type { Hex } from "viem";
import { isSalusError } from "@salus/sdk/errors";
import { type Delivery, findDelivery as find } from "@salus/sdk/orders/find-delivery";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/**
 * The receipt on which an order was delivered, as all endpoints have it.
 *
 * @throws GATEWAY_NOT_FINAL when there is none
 */
export async function findDelivery({ chain }: Context, id: Hex): Promise<Delivery> {
  try {
    return await chain.read((reader) => find(reader, id));
  } catch (error) {
    if (![error, (error as Error).cause].some(isNotDelivered)) throw error;
    throw new GatewayError("GATEWAY_NOT_FINAL", `Order ${id} has no delivery on chain.`, { cause: error });
  }
}

function isNotDelivered(error: unknown): boolean {
  return isSalusError(error) && error.code === "SDK_NOT_DELIVERED";
}
