import type { OrderProgress } from "@salus/sdk/gateway/types";
import type { OrderDetail, OrderKindName } from "#lib/data/types.ts";

/** One step of an order's run. */
export interface RunStep {
  id: "paid" | "accepted" | "keys" | "work" | "signing" | "record" | "settled";
  label: string;
  state: "done" | "now" | "todo";
}

const LABELS: Record<RunStep["id"], string> = {
  paid: "Paid into the safe",
  accepted: "Job accepted",
  keys: "Gathering key shares",
  work: "Running next to the data",
  signing: "Signing the receipt",
  record: "Receipt on record",
  settled: "Payment shared out",
};

/** What is under way while the gateway says this. */
const UNDER_WAY: Record<Exclude<OrderProgress, "failed">, RunStep["id"]> = {
  queued: "accepted",
  "gathering shares": "keys",
  running: "work",
  signing: "signing",
  delivered: "settled",
  settled: "settled",
};

/** The steps that an order of a kind has: a download runs nothing, a model use needs no shares. */
function stepsOf(kind: OrderKindName): RunStep["id"][] {
  const all: RunStep["id"][] = ["paid", "accepted", "keys", "work", "signing", "record", "settled"];
  if (kind === "Download") return all.filter((id) => id !== "keys" && id !== "work");
  return kind === "ModelUse" ? all.filter((id) => id !== "keys") : all;
}

/**
 * How far an order has come. What the chain says counts; between payment and receipt only the gateway knows.
 * @param work the gateway's word; null while it has no job of this order
 */
export function runSteps(order: Pick<OrderDetail, "kind" | "state">, work: OrderProgress | null): RunStep[] {
  const ids = stepsOf(order.kind);
  const current = currentStep(order.state, work);
  const at = current === null ? ids.length : nearest(ids, current);
  return ids.map((id, index) => ({
    id,
    label: LABELS[id],
    state: index < at ? "done" : index === at ? "now" : "todo",
  }));
}

function currentStep(state: OrderDetail["state"], work: OrderProgress | null): RunStep["id"] | null {
  if (state === "Settled") return null;
  if (state !== "Funded") return "settled";
  if (work === null || work === "failed") return "accepted";
  // Delivered for the gateway, not yet in what was read of the chain.
  return work === "delivered" || work === "settled" ? "record" : UNDER_WAY[work];
}

/** Place of a step, or of the one before which it would stand. */
function nearest(ids: readonly RunStep["id"][], step: RunStep["id"]): number {
  const order = Object.keys(LABELS);
  return ids.findIndex((id) => order.indexOf(id) >= order.indexOf(step));
}
