import type { Hex } from "viem";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import type { PeerReportResponse } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import { findOrder } from "@salus/sdk/orders/find-order";
import { recordLeaf } from "@salus/sdk/trees/leaves";
import { leafRoot } from "@salus/sdk/trees/tree";
import type { ReleaseReport } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/**
 * Closes a download at this gateway and states what it released: exactly these records, and no others ever. Asked again,
 * it gives the same statement.
 *
 * @throws GATEWAY_NOT_RELEASED before the buyer fetched anything here
 */
export async function closeRelease(context: Context, id: Hex): Promise<PeerReportResponse> {
  const { db, index } = context;
  const row = await db.selectFrom("releases").selectAll().where("order_id", "=", id).executeTakeFirst();
  if (!row)
    throw new GatewayError("GATEWAY_NOT_RELEASED", `This gateway released no key shares of order ${id}.`);
  if (row.report && row.signature) return { gateway: index, report: row.report, signature: row.signature };
  const report = await stateRelease(context, id, row.record_ids);
  const signature = await signStruct(context.deployment, "ReleaseReport", report, context.keys.signer);
  const wire = toWire("ReleaseReport", report);
  await db
    .updateTable("releases")
    .set({ closed_at: context.now(), report: JSON.stringify(wire), signature })
    .where("order_id", "=", id)
    .execute();
  reached("release.closed");
  return { gateway: index, report: wire, signature };
}

async function stateRelease(context: Context, id: Hex, recordIds: readonly Hex[]): Promise<ReleaseReport> {
  const { order } = await findOrder(context.chain.reader, id);
  const version = await context.versions.get(order.asset, order.version);
  const leaves = recordIds.map((recordId) => version!.entries.get(recordId)!.leaf);
  return { order: id, count: leaves.length, root: leafRoot(recordLeaf, leaves) };
}
