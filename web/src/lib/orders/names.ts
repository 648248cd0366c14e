import { OrderKind, OrderState } from "@salus/sdk/generated/constants";
import type { OrderKindName, OrderStateName } from "#lib/data/types.ts";

const KINDS: readonly OrderKindName[] = ["Analysis", "Training", "Download", "ModelUse"];
const STATES: readonly OrderStateName[] = ["Funded", "Delivered", "Disputed", "Settled", "Refunded"];

/** Name of an order's kind by its number on chain. */
export function orderKindName(kind: number): OrderKindName {
  return KINDS.find((name) => OrderKind[name] === kind) ?? "Analysis";
}

/** Name of an order's state by its number on chain; null when there is no such order. */
export function orderStateName(state: number): OrderStateName | null {
  return STATES.find((name) => OrderState[name] === state) ?? null;
}
