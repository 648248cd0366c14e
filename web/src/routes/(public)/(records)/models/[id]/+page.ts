import { WebError } from "#lib/errors.ts";
import { load as read } from "#lib/data/loaded.ts";
import { readModel } from "#lib/data/models.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, params }) => {
  const { graph, config } = await parent();
  const model = await read(() => readModel(graph, config, params.id));
  if (model.ok && model.data === null) throw new WebError("WEB_NOT_FOUND");
  return { model };
};
