import type { Hex } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { closeDispute } from "@salus/sdk/disputes/close-dispute";
import { readDispute } from "@salus/sdk/disputes/read-dispute";
import { isPanel } from "@salus/sdk/disputes/read-panel";
import { OrderKind, OrderState } from "@salus/sdk/generated/constants";
import type { OrderStatus } from "@salus/sdk/orders/read-order-status";
import { settleOrder } from "@salus/sdk/orders/settle-order";
import { readRulingWindow } from "@salus/sdk/orders/read-escrow";
import type { Order } from "@salus/sdk/types";
import { orderStatusAt } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { orderIdOf } from "./order-id.ts";
import { findOrderRow, orderOf, updateOrder } from "./order-rows.ts";

/** Seconds between two looks at what is not final yet. */
const AGAIN = 2;

/**
 * Looks after an order from its delivery on: until that is final, since a reorganisation may undo it and then it is
 * delivered again; until its dispute window is over, or its arbitrator's time, and settles it then; until that is final too.
 * A panel's dispute is closed with it, so that nobody's bond waits for a person. One that a ruling refunded failed.
 */
export async function settle(context: Context, id: Hex): Promise<void> {
  const row = await findOrderRow(context, id);
  if (!row || (row.state !== "delivered" && row.state !== "settled")) return;
  const { head, finalized } = await context.chain.snapshot();
  const [latest, settled] = await Promise.all(
    [head, finalized].map(({ hash }) => orderStatusAt(context.chain, id, hash)),
  );
  const { state, reported } = latest!;
  const isFinal = settled!.state === state && settled!.reported === reported;
  if (state === OrderState.None || state === OrderState.Funded) return deliverAgain(context, id);
  if (state === OrderState.Settled) {
    if (row.state !== "settled") await updateOrder(context, id, { state: "settled" });
    return isFinal ? undefined : lookAgain(context, id, AGAIN);
  }
  // What a reorganisation undid is done again.
  if (row.state === "settled") await updateOrder(context, id, { state: "delivered" });
  if (!isFinal) return lookAgain(context, id, AGAIN);
  if (state === OrderState.Refunded) return refunded(context, id);
  return endInTime(context, orderOf(row), { status: latest!, now: head.time });
}

/** Settles an order whose time has come, or comes back when it has. */
async function endInTime(
  context: Context,
  order: Order,
  { status, now }: { status: OrderStatus; now: number },
): Promise<void> {
  const id = orderIdOf(context, order);
  const disputed = status.state === OrderState.Disputed;
  if (order.kind === OrderKind.Download && !status.reported && !disputed) {
    return context.queue.add("report-download", { id }, { key: `report:${id}`, delaySeconds: AGAIN });
  }
  const window = disputed ? await readRulingWindow(context.chain.reader) : order.disputeWindow;
  const wait = status.changedAt + window - now;
  if (wait > 0) return lookAgain(context, id, wait + 1);
  await context.sender((writer) => endOrder(writer, order, disputed));
  reached("settle.mined");
  await updateOrder(context, id, { state: "settled" });
  await lookAgain(context, id, AGAIN);
}

async function deliverAgain(context: Context, id: Hex): Promise<void> {
  context.logger.warn({ order: id }, "a reorganisation undid a delivery: the order goes on");
  await updateOrder(context, id, { state: "submitted" });
  await context.queue.add("run-order", { id }, { key: `run:${id}` });
}

function lookAgain({ queue }: Context, id: Hex, delaySeconds: number): Promise<void> {
  return queue.add("settle-order", { id }, { key: `settle:${id}`, delaySeconds });
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
