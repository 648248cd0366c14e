import type { App } from "#lib/context.ts";
import type { Hex, ModelDetail, OrderSummary } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a developer and a clinic do with models. Loaded on demand: it brings the chain library with it.
 */

/** What a developer states when publishing. */
export interface PublishRequest {
  /** Settled training order whose output the model is. */
  order: Hex;
  title: string;
  description: string;
  /** Price of one use, in the token's smallest unit. */
  price: bigint;
  /** Share of every price that goes to the people whose records taught the model. */
  parentBps: number;
}

/** What a prediction gives. */
export interface Prediction {
  /** Between 0 and 1. */
  probability: number;
  order: Hex;
  split: { label: string; amount: bigint }[];
}

/** Settled training orders of whoever is signed in, whose models are not published yet. */
export async function readTrainedModels(_app: App): Promise<OrderSummary[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Publishes a model with its training receipt as proof of where it comes from. */
export async function publishModel(
  _app: App,
  _request: PublishRequest,
  _progress: Progress,
): Promise<{ hash: Hex; block?: number }> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Pays for one use of a model and runs it on the values of one patient, sealed to the institution that runs it. */
export async function tryModel(
  _app: App,
  _model: ModelDetail,
  _values: Record<string, number>,
  _progress: Progress,
): Promise<{ hash: Hex; block?: number; prediction: Prediction }> {
  throw new WebError("WEB_NOT_CONNECTED");
}
