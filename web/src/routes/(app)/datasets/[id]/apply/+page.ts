import { WebError } from "#lib/errors.ts";
import { readDataset } from "#lib/data/datasets.ts";
import { load as read } from "#lib/data/loaded.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, params }) => {
  const { graph, config } = await parent();
  const dataset = await read(() => readDataset(graph, config, params.id));
  if (dataset.ok && dataset.data === null) throw new WebError("WEB_NOT_FOUND");
  return { dataset };
};
