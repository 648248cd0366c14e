import { WebError } from "#lib/errors.ts";
import { load as read } from "#lib/data/loaded.ts";
import { readOrder } from "#lib/data/orders.ts";
import { parseOrderId } from "#lib/order-id.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, params }) => {
  const id = parseOrderId(params.order);
  if (!id) throw new WebError("WEB_NOT_FOUND");
  const { graph } = await parent();
  const order = await read(() => readOrder(graph, id));
  if (order.ok && order.data === null) throw new WebError("WEB_NOT_FOUND");
  return { id, order };
};
