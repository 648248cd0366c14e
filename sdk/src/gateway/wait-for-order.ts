import type { Hex } from "viem";
import { SalusError } from "../errors.ts";
import { getOrder } from "./get-order.ts";
import type { GatewayAddress } from "./http.ts";
import type { OrderProgress, OrderView } from "./types.ts";

/**
 * Asks an order's executor until the order is delivered (or settled, or failed).
 *
 * @param onProgress hears each change of state
 * @param timeout milliseconds
 * @throws SDK_ORDER_TIMEOUT; GatewayRequestError
 */
export async function waitForOrder(
  gateway: GatewayAddress,
  parameters: {
    id: Hex;
    until?: readonly OrderProgress[];
    onProgress?: (view: OrderView) => void;
    interval?: number;
    timeout?: number;
  },
): Promise<OrderView> {
  const {
    id,
    until = ["delivered", "settled", "failed"],
    onProgress,
    interval = 500,
    timeout = 120_000,
  } = parameters;
  const end = Date.now() + timeout;
  let last: OrderProgress | undefined;
  for (;;) {
    const view = await getOrder(gateway, id);
    if (view.state !== last) onProgress?.(view);
    last = view.state;
    if (until.includes(view.state)) return view;
    if (Date.now() > end) throw tooLong(view);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

function tooLong(view: OrderView): SalusError {
  return new SalusError({
    code: "SDK_ORDER_TIMEOUT",
    message: `Order ${view.id} is still ${view.state}.`,
    hint: "Ask again later. An order that is not delivered by its deadline can be refunded.",
    details: { id: view.id, state: view.state },
  });
}
