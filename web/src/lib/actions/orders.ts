import { commitJob, NO_JOB } from "@salus/sdk/gateway/commitments";
import { OrderKind } from "@salus/sdk/generated/constants";
import { findOrder } from "@salus/sdk/orders/find-order";
import { refundOrder as refund } from "@salus/sdk/orders/refund-order";
import { writerOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { DatasetDetail, Hex } from "#lib/data/types.ts";
import { orderKindOf, type AnalysisChoice } from "#lib/flows/order/analysis.ts";
import { jobSpecOf, privacyCapOf } from "#lib/orders/job-spec.ts";
import { placeOrder } from "#lib/orders/place-order.ts";
import { randomSalt } from "#lib/orders/recipient-key.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a signed-in buyer does. This module is loaded on demand: it brings the chain library with it.
 */

/** What a buyer orders. */
export interface OrderRequest {
  dataset: DatasetDetail;
  /** Declared uses as bits. */
  uses: bigint;
  /** What the project is about, in the buyer's words. */
  project: string;
  analysis: AnalysisChoice;
}

/** Pays for an order; the id is known before it is sent. */
export async function fundOrder(
  app: App,
  { dataset, uses, project, analysis }: OrderRequest,
  progress: Progress,
): Promise<{ hash: Hex; id: Hex }> {
  const salus = await writerOf(app);
  const spec = jobSpecOf(analysis);
  const salt = randomSalt();
  const { id: asset, title, price, termsHash, agreement } = dataset;
  const offer = { asset, title, price, termsHash, ...(agreement === null ? {} : { agreement }) };
  const wish = {
    kind: OrderKind[orderKindOf(analysis)],
    uses,
    project,
    job: spec === null ? NO_JOB : commitJob(spec, salt),
    privacyCap: privacyCapOf(spec),
    keep: async () => (spec === null ? {} : { spec, salt }),
  };
  return placeOrder(salus, offer, wish, progress);
}

/** Takes the money back from an order whose time ran out. */
export async function refundOrder(
  app: App,
  id: Hex,
  progress: Progress,
): Promise<{ hash: Hex; block: number }> {
  const salus = await writerOf(app);
  const { order } = await findOrder(salus, id);
  const receipt = await refund(salus, order, {
    onStep: (step) => void (step.step === "sent" && progress.sent(step.hash)),
  });
  return { hash: receipt.transactionHash, block: Number(receipt.blockNumber) };
}
