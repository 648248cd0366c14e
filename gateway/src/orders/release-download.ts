import type { Hex } from "viem";
import { getExclusions } from "@salus/sdk/gateway/get-exclusions";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { ExclusionFile, ReleaseResponse } from "@salus/sdk/gateway/types";
import type { Order, Receipt } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { peerTarget } from "../peers/ask-peer.ts";
import type { RequestFacts } from "../policy/facts.ts";
import { cohortAt, isCohortOf, readReceiptBlocks } from "./cohort-at.ts";
import { findDelivery } from "./find-delivery.ts";
import { type Ask, assertDelivered, assertPermitted, confirm, judge } from "./judge.ts";
import { findOrderRow } from "./order-rows.ts";
import { sealRelease } from "./release.ts";

/**
 * Hands this gateway's key shares of a delivered download to its buyer: of records in the receipt's cohort whose subjects
 * permit it now. The first release fixes the set; later ones can only be smaller.
 *
 * @throws the policy's refusals of the order as a whole; single records are refused in the answer
 */
export async function releaseDownload(
  context: Context,
  about: { id: Hex; order: Order; request: RequestFacts },
): Promise<ReleaseResponse> {
  const { id, order, request } = about;
  // The order as a whole first: bounds are worth computing for its buyer only.
  const whole = await judge(context, { action: "download", id, order, request, orderOnly: true });
  await assertDelivered(context, whole);
  const earlier = await releasedBefore(context, id);
  const bounds = earlier ?? (await cohortOfReceipt(context, id, order));
  const ask: Ask = { action: "download", id, order, bounds, sharesNeeded: true };
  const judged = await judge(context, ask);
  await assertPermitted(context, judged);
  const judgement = { ...(await confirm(context, ask, judged)), first: whole.first };
  const release = await sealRelease(context, {
    id,
    recipientKey: order.recipientKey,
    judgement,
  });
  if (!earlier)
    await fixRelease(
      context,
      id,
      judgement.permitted.map(({ leaf }) => leaf.recordId),
    );
  return release;
}

async function releasedBefore({ db }: Context, id: Hex): Promise<ReadonlySet<string> | undefined> {
  const row = await db
    .selectFrom("releases")
    .select("record_ids")
    .where("order_id", "=", id)
    .executeTakeFirst();
  return row && new Set(row.record_ids);
}

/** Writes down what the first release holds, before it is answered. */
async function fixRelease(context: Context, id: Hex, recordIds: readonly Hex[]): Promise<void> {
  const inserted = await context.db
    .insertInto("releases")
    .values({
      order_id: id,
      record_ids: JSON.stringify(recordIds),
      closed_at: null,
      report: null,
      signature: null,
      released_at: context.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  reached("release.fixed");
  if (inserted.numInsertedOrUpdatedRows === 1n) return;
  // Two first requests at once: the other one's set stands, and this answer might be wider.
  throw new GatewayError(
    "GATEWAY_REQUEST_REPLAYED",
    "The key shares are being released to another request.",
    {
      hint: "Ask again.",
    },
  );
}

async function cohortOfReceipt(context: Context, id: Hex, order: Order): Promise<ReadonlySet<string>> {
  const { receipt } = await findDelivery(context, id);
  const version = (await context.versions.get(order.asset, order.version))!;
  const excluded = await exclusionsOf(context, id, order, receipt);
  const blocks = await readReceiptBlocks(context.chain, receipt);
  const cohort = await cohortAt(context.chain, { order, version, blocks, excluded });
  if (isCohortOf(receipt, cohort)) return new Set(cohort.records.map(({ recordId }) => recordId));
  throw new GatewayError("GATEWAY_COSIGN_MISMATCH", "The receipt's cohort is not what this gateway finds.", {
    hint: "Open a dispute: the executor's receipt and the consents on chain differ.",
  });
}

const EMPTY: Hex = `0x${"00".repeat(32)}`;

async function exclusionsOf(
  context: Context,
  id: Hex,
  order: Order,
  receipt: Receipt,
): Promise<Map<string, number>> {
  if (receipt.excludedRoot === EMPTY) return new Map();
  const own = await findOrderRow(context, id);
  const excluded = own?.excluded ?? (await askExclusions(context, id, order.custodian));
  return new Map(excluded.map(({ subject, reason }) => [subject.toLowerCase(), reason]));
}

/** The exclusion file is the executor's to keep. @throws GATEWAY_PEER_UNREACHABLE when it does not answer */
async function askExclusions(
  context: Context,
  id: Hex,
  custodian: number,
): Promise<ExclusionFile["excluded"]> {
  try {
    return (await getExclusions(await peerTarget(context, custodian), id)).excluded;
  } catch (cause) {
    if (!(cause instanceof GatewayRequestError)) throw cause;
    const message = `Gateway ${custodian} did not say whom the receipt leaves out.`;
    throw new GatewayError("GATEWAY_PEER_UNREACHABLE", message, { cause });
  }
}
