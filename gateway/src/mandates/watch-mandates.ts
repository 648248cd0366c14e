import { isSalusError } from "@salus/sdk/errors";
import { MandateState } from "@salus/sdk/generated/constants";
import { fromWire } from "@salus/sdk/gateway/wire";
import { findRuns } from "@salus/sdk/mandates/find-runs";
import { readMandateStatus } from "@salus/sdk/mandates/read-mandate";
import { runMandate } from "@salus/sdk/mandates/run-mandate";
import { findOrder } from "@salus/sdk/orders/find-order";
import type { Mandate } from "@salus/sdk/types";
import type { Hex } from "viem";
import { readAsset } from "@salus/sdk/assets/read-asset";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { acceptJob } from "../orders/accept-job.ts";
import { findOrderRow } from "../orders/order-rows.ts";

/** Seconds between two looks. */
const AGAIN = 5;

/** Looks at every mandate whose job is kept here, and comes back. */
export async function watchMandates(context: Context): Promise<void> {
  try {
    const open = await context.db.selectFrom("mandates").selectAll().where("closed", "=", false).execute();
    for (const { id, fixed } of open) await watch(context, id, fromWire("Mandate", fixed));
  } finally {
    await queueWatch(context, AGAIN);
  }
}

/** Puts the next look in line; there is never more than one. */
export async function queueWatch(context: Context, delaySeconds = 0): Promise<void> {
  await context.queue.add("watch-mandates", {}, { key: "watch-mandates", delaySeconds });
}

async function watch(context: Context, id: Hex, mandate: Mandate): Promise<void> {
  try {
    const { state, version } = await readMandateStatus(context.chain.reader, id);
    if (state === MandateState.Open) await fundNext(context, mandate, version);
    await takeRuns(context, id);
    if (state === MandateState.Closed) await forget(context, id);
  } catch (error) {
    // The next look finds it again: a cap that was passed, a frozen asset, a chain that was away.
    if (!isSalusError(error) && !isGatewayError(error)) throw error;
    context.logger.info({ mandate: id, code: error.code }, "a mandate waits");
  }
}

/** A version that had no run yet: its run is funded from here, as anyone may. */
async function fundNext(context: Context, mandate: Mandate, lastVersion: number): Promise<void> {
  const { cfg, termsHash } = await readAsset(context.chain.reader, mandate.asset);
  if (cfg.versions <= lastVersion) return;
  const terms = await context.terms(mandate.asset, termsHash);
  await context.sender((writer) => runMandate(writer, { mandate, terms }));
  reached("run.mined");
}

/** Runs that were funded, by whomever, are jobs like any other; their job is found by its commitment. */
async function takeRuns(context: Context, id: Hex): Promise<void> {
  for (const { order: orderId } of await findRuns(context.chain.reader, id)) {
    if (await findOrderRow(context, orderId)) continue;
    const { order } = await findOrder(context.chain.reader, orderId);
    await acceptJob(context, { id: orderId, order });
  }
}

/** A closed mandate has no more runs. Its job stays: runs under way may be asked for again. */
async function forget({ db, now }: Context, id: Hex): Promise<void> {
  await db.updateTable("mandates").set({ closed: true, updated_at: now() }).where("id", "=", id).execute();
}
