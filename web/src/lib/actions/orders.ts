import { encodeEvidence } from "@salus/sdk/data-use/evidence";
import { commitJob, NO_JOB } from "@salus/sdk/gateway/commitments";
import { OrderKind } from "@salus/sdk/generated/constants";
import { findOrder } from "@salus/sdk/orders/find-order";
import { refundOrder as refund } from "@salus/sdk/orders/refund-order";
import type { ApplicationItem } from "#lib/applications/read.ts";
import { goodOnes } from "#lib/applications/state.ts";
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
  /** ISO 3166-1 numeric; 0 for none stated. */
  country: number;
  /** What the project is about, in the buyer's words. */
  project: string;
  /** The approved application that the order rests on: its project is the order's. */
  approved?: ApplicationItem;
  analysis: AnalysisChoice;
}

/** Pays for an order; the id is known before it is sent. */
export async function fundOrder(
  app: App,
  { dataset, uses, country, project, approved, analysis }: OrderRequest,
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
    country,
    project: approved ? projectOf(approved) : { text: project, salt: randomSalt() },
    evidence: approved ? evidenceOf(approved) : NO_EVIDENCE,
    job: spec === null ? NO_JOB : commitJob(spec, salt),
    privacyCap: privacyCapOf(spec),
    keep: async () => (spec === null ? {} : { spec, salt }),
  };
  return placeOrder(salus, offer, wish, progress);
}

const NO_EVIDENCE: Hex = "0x";

/** The project as it was applied for; its digest is in the approval. */
function projectOf({ view }: ApplicationItem): { text: string; salt: Hex } {
  return { text: view.text.project, salt: view.text.salt };
}

/** The approvals that hold. What the chain thinks of them it says when the order is paid. */
function evidenceOf({ view }: ApplicationItem): Hex {
  return encodeEvidence({ attestations: goodOnes(view.judged).map(({ approval }) => approval) });
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
