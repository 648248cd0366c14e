import type { Order } from "@salus/sdk/types";
import type { Hex } from "viem";
import type { Context } from "../context.ts";

/**
 * The job of an order whose mandate handed it in before: found by its salted commitment, which fixes it, so it does not
 * matter who asks.
 */
export async function findJob(
  { db }: Context,
  order: Pick<Order, "job">,
): Promise<{ spec: unknown; salt: Hex } | undefined> {
  return db.selectFrom("mandates").select(["spec", "salt"]).where("job", "=", order.job).executeTakeFirst();
}
