import type { Hex } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { closeDispute } from "@salus/sdk/disputes/close-dispute";
import { readDispute } from "@salus/sdk/disputes/read-dispute";
import { isPanel } from "@salus/sdk/disputes/read-panel";
import { OrderState } from "@salus/sdk/generated/constants";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import { settleOrder } from "@salus/sdk/orders/settle-order";
import { readRulingWindow } from "@salus/sdk/orders/read-escrow";
import type { Order } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { findOrderRow, orderOf, updateOrder } from "./order-rows.ts";

/**
 * Settles a delivered order once its dispute window is over, or a disputed one once its arbitrator's time is; comes back
 * while it is not. A panel's dispute is closed with it, so that nobody's bond waits for a person. One that a ruling
 * refunded failed.
 */
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
  if (status.state === OrderState.Refunded) return refunded(context, id);
  if (status.state === OrderState.Delivered || status.state === OrderState.Disputed) {
    const { head } = await context.chain.snapshot();
    const disputed = status.state === OrderState.Disputed;
    const window = disputed ? await readRulingWindow(context.chain.reader) : order.disputeWindow;
    const wait = status.changedAt + window - head.time;
    if (wait > 0) {
      await context.queue.add("settle-order", { id }, { key: `settle:${id}`, delaySeconds: wait + 1 });
      return;
    }
    await context.sender((writer) => endOrder(writer, order, disputed));
    reached("settle.mined");
  }
  await updateOrder(context, id, { state: "settled" });
}

/** Where a panel was silent, closing its dispute settles the order too; one that somebody closed is over. */
async function endOrder(writer: SalusWriter, order: Order, disputed: boolean) {
  const dispute =
    disputed && (await isPanel(writer, order.arbitrator)) ? await readDispute(writer, order) : undefined;
  return dispute?.standing === "Open" ? closeDispute(writer, order) : settleOrder(writer, order);
}

async function refunded(context: Context, id: Hex): Promise<void> {
  const failure = {
    code: "GATEWAY_ORDER_REFUNDED",
    message: "The order was refunded after its delivery.",
    hint: "See the order's history on chain for the ruling or the missing report.",
  };
  await updateOrder(context, id, { state: "failed", failure });
}
