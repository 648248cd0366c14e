import { load as read } from "#lib/data/loaded.ts";
import { listModels } from "#lib/data/models.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent }) => {
  const { graph, config } = await parent();
  return { models: await read(() => listModels(graph, config)) };
};
