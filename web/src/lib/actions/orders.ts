import type { App } from "#lib/context.ts";
import type { DatasetDetail, Hex, OrderSummary } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import type { AnalysisChoice } from "#lib/flows/order/analysis.ts";
import type { Bin } from "#lib/plots/histogram-layout.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a signed-in buyer does. This module is loaded on demand: it brings the chain library with it.
 */

/** What a buyer orders. */
export interface OrderRequest {
  dataset: DatasetDetail;
  /** Declared uses as bits. */
  uses: bigint;
  analysis: AnalysisChoice;
}

/** What an opened result holds. */
export type ResultView =
  | { kind: "count"; count: number }
  | { kind: "histogram"; label: string; bins: Bin[] }
  | { kind: "model"; hash: Hex; bytes: number }
  | { kind: "download"; records: number };

/** Pays for an order; the id is known before it is sent. */
export async function fundOrder(
  _app: App,
  _request: OrderRequest,
  _progress: Progress,
): Promise<{ hash: Hex; block?: number; id: Hex }> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Orders of whoever is signed in, newest first. */
export async function readMyOrders(_app: App): Promise<OrderSummary[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Fetches the sealed result of a delivered order and opens it with the buyer's key. */
export async function openResult(_app: App, _order: Hex): Promise<ResultView> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Takes the money back from an order whose time ran out. */
export async function refundOrder(
  _app: App,
  _order: Hex,
  _progress: Progress,
): Promise<{ hash: Hex; block?: number }> {
  throw new WebError("WEB_NOT_CONNECTED");
}
