import type { Selectable } from "kysely";
import type { Hex } from "viem";
import type { OrderView } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { cidFromDigest } from "@salus/sdk/cid";
import type { Order } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import type { Database, ExecutionState } from "../database/schema.ts";

/** An order at its executor, as stored. */
export type OrderRow = Selectable<Database["orders"]>;

/** undefined when this gateway executes no such order */
export function findOrderRow({ db }: Context, id: Hex): Promise<OrderRow | undefined> {
  return db.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The fixed part of a stored order. */
export function orderOf(row: OrderRow): Order {
  return fromWire("Order", row.fixed);
}

/** States that end an execution. */
export const ENDED: readonly ExecutionState[] = ["delivered", "settled", "failed"];

/** What may be told of an order. Job, salt and input are the buyer's. */
export function viewOf(row: OrderRow): OrderView {
  const receipt = row.receipt ?? undefined;
  return {
    id: row.id,
    state: row.state === "submitted" ? "signing" : row.state,
    ...(row.outcome ? { cohort: row.outcome.cohort } : {}),
    // A receipt is told once it is on chain: until then it may be replaced by a later one.
    ...(receipt && (row.state === "delivered" || row.state === "settled")
      ? { receipt, result: cidFromDigest(receipt.result) }
      : {}),
    ...(row.failure ? { failure: row.failure } : {}),
    ...(row.transaction ? { transaction: row.transaction } : {}),
    updatedAt: row.updated_at,
  };
}

type Changes = {
  state?: ExecutionState;
  outcome?: OrderRow["outcome"];
  receipt?: OrderRow["receipt"];
  signatures?: OrderRow["signatures"];
  excluded?: OrderRow["excluded"];
  failure?: OrderRow["failure"];
  transaction?: Hex | null;
  runs?: number;
};

/** Writes what changed of an order. */
export async function updateOrder({ db, now }: Context, id: Hex, changes: Changes): Promise<void> {
  const { outcome, receipt, signatures, excluded, failure, ...plain } = changes;
  const json = Object.entries({ outcome, receipt, signatures, excluded, failure })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value === null ? null : JSON.stringify(value)]);
  await db
    .updateTable("orders")
    .set({ ...plain, ...Object.fromEntries(json), updated_at: now() })
    .where("id", "=", id)
    .execute();
}
