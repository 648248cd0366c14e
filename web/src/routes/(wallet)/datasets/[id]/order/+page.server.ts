import { readDatasetPage } from "#lib/server/read-dataset-page.ts";
import type { PageServerLoad } from "./$types";

export const load: PageServerLoad = async ({ fetch, parent, params }) => {
  const { config } = await parent();
  return readDatasetPage(fetch, config, params.id);
};
