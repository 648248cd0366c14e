import { load, type Loaded } from "#lib/data/loaded.ts";
import { readOrder } from "#lib/data/orders.ts";
import type { Hex, OrderDetail, OrderStateName } from "#lib/data/types.ts";
import type { GraphClient } from "#lib/graph/client.ts";

/** How often a running order is read again, in ms. */
const POLL_MS = 2000;
const ENDED: readonly OrderStateName[] = ["Settled", "Refunded"];

/** True when nothing more will happen to an order. */
export function orderEnded(order: OrderDetail | null): boolean {
  return order !== null && ENDED.includes(order.state);
}

/** Reads an order again and again until it has ended; returns the way to stop. */
export function watchOrder(
  graph: GraphClient,
  id: Hex,
  see: (read: Loaded<OrderDetail | null>) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const tick = async () => {
    const read = await load(() => readOrder(graph, id));
    if (stopped) return;
    see(read);
    if (!(read.ok && orderEnded(read.data))) timer = setTimeout(() => void tick(), POLL_MS);
  };
  void tick();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
