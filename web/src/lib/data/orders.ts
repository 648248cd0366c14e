import { ModelDocument, OrderDocument } from "@salus/sdk/generated/queries";
import type { PublicConfig } from "#lib/config.ts";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import { orderDetail, type Parents } from "./order-views.ts";
import type { Hex, OrderDetail } from "./types.ts";

type Config = Pick<PublicConfig, "currencies">;

/** One order with its history, receipt and split; null when the index has none of that id. */
export async function readOrder(graph: GraphClient, config: Config, id: Hex): Promise<OrderDetail | null> {
  const { order } = await ask(graph, OrderDocument, { id });
  if (!order) return null;
  const parents =
    order.kind === "ModelUse" && order.settlement ? await readParents(graph, order.asset.id) : [];
  return orderDetail(order, config, parents);
}

async function readParents(graph: GraphClient, model: Hex): Promise<Parents> {
  const { asset } = await ask(graph, ModelDocument, { id: model }, false);
  return asset?.parents ?? [];
}
