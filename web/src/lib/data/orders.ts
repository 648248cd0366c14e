import { WebError } from "#lib/errors.ts";
import type { GraphClient } from "#lib/graph/client.ts";
import type { Hex, OrderDetail, OrderSummary } from "./types.ts";

/** Orders of a buyer, newest first. */
export async function listOrders(_graph: GraphClient, _buyer: Hex): Promise<OrderSummary[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** One order with its history, receipt and split; null when there is none of that id. */
export async function readOrder(_graph: GraphClient, _id: Hex): Promise<OrderDetail | null> {
  throw new WebError("WEB_NOT_CONNECTED");
}
