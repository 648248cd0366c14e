import { readDataset } from "#lib/data/datasets.ts";
import { load, type Loaded } from "#lib/data/loaded.ts";
import type { DatasetDetail } from "#lib/data/types.ts";
import type { PublicConfig } from "#lib/config.ts";
import { WebError } from "#lib/errors.ts";
import { createGraphClient } from "#lib/graph/client.ts";

/**
 * The dataset of a page, read on the server, so that the browser needs no client of the index.
 * @throws WEB_NOT_FOUND when there is none of that id
 */
export async function readDatasetPage(
  fetcher: typeof fetch,
  config: PublicConfig,
  id: string,
): Promise<{ id: string; dataset: Loaded<DatasetDetail | null> }> {
  const dataset = await load(() => readDataset(createGraphClient(fetcher, true), config, id));
  if (dataset.ok && dataset.data === null) throw new WebError("WEB_NOT_FOUND");
  return { id, dataset };
}
