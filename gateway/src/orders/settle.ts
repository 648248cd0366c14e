import type { Hex } from "viem";
import { OrderState } from "@salus/sdk/generated/constants";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import { settleOrder } from "@salus/sdk/orders/settle-order";
import type { Context } from "../context.ts";
import { findOrderRow, orderOf, updateOrder } from "./order-rows.ts";

/** Settles a delivered order once its dispute window is over; comes back while it is not. */
export async function settle(context: Context, id: Hex): Promise<void> {
  const row = await findOrderRow(context, id);
  if (!row || row.state !== "delivered") return;
  const order = orderOf(row);
  const status = await readOrderStatus(context.chain.reader, id);
  if (status.state === OrderState.Funded) {
    // A reorganisation undid the delivery.
    await updateOrder(context, id, { state: "submitted" });
    await context.queue.add("run-order", { id }, { key: `run:${id}` });
    return;
  }
  if (status.state === OrderState.Delivered) {
    const { head } = await context.chain.snapshot();
    const wait = status.changedAt + order.disputeWindow - head.time;
    if (wait > 0) {
      await context.queue.add("settle-order", { id }, { key: `settle:${id}`, delaySeconds: wait + 1 });
      return;
    }
    await context.sender((writer) => settleOrder(writer, order));
  }
  await updateOrder(context, id, { state: "settled" });
}
