import { WebError } from "#lib/errors.ts";
import { load as read } from "#lib/data/loaded.ts";
import { readOrder } from "#lib/data/orders.ts";
import { parseOrderId } from "#lib/order-id.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, params }) => {
  const id = parseOrderId(params.id);
  if (!id) throw new WebError("WEB_NOT_FOUND");
  const { graph, config } = await parent();
  return { id, order: await read(() => readOrder(graph, config, id)) };
};
