import { filterFrom, searchDatasets } from "#lib/data/datasets.ts";
import { load as read } from "#lib/data/loaded.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, url }) => {
  const { graph, config } = await parent();
  const filter = filterFrom(url.searchParams);
  return { filter, datasets: await read(() => searchDatasets(graph, config, filter)) };
};
