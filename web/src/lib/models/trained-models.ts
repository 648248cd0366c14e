import { datasetQuery } from "@salus/sdk/generated/queryTexts";
import type { App } from "#lib/context.ts";
import type { OrderSummary } from "#lib/data/types.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { readMyOrders } from "#lib/orders/my-orders.ts";

/** A settled training order, with the least part of a model's price for the people whose records taught it. */
export interface TrainedModel extends OrderSummary {
  /** Basis points; the registry holds a publication to it. */
  royaltyBps: number;
}

/** Settled training orders of whoever is signed in, newest first. */
export async function readTrainedModels(app: App): Promise<TrainedModel[]> {
  const orders = await readMyOrders(app);
  const trained = orders.filter(({ kind, state }) => kind === "Training" && state === "Settled");
  return Promise.all(
    trained.map(async (order) => {
      const { asset } = await askText(datasetQuery, { id: order.asset });
      return { ...order, royaltyBps: asset?.royaltyBps ?? 0 };
    }),
  );
}
