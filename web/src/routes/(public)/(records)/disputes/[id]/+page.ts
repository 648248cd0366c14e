import { readDispute } from "#lib/data/disputes.ts";
import { load as read } from "#lib/data/loaded.ts";
import { WebError } from "#lib/errors.ts";
import { parseOrderId } from "#lib/order-id.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, params, depends }) => {
  depends("salus:dispute");
  const id = parseOrderId(params.id);
  if (!id) throw new WebError("WEB_NOT_FOUND");
  const { graph, config } = await parent();
  return { id, dispute: await read(() => readDispute(graph, config, id)) };
};
