import { parameters } from "@salus/sdk/governance/parameters";
import { load as read } from "#lib/data/loaded.ts";
import { listParameterChanges } from "#lib/data/parameters.ts";
import { WebError } from "#lib/errors.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { feeCurrency } from "#lib/server/governance/currency.ts";
import { readParameterViews } from "#lib/server/governance/parameters.ts";
import type { PageServerLoad } from "./$types";

/** One parameter: its value from the chain, its history from the index. */
export const load: PageServerLoad = async ({ params, parent, fetch }) => {
  const { config } = await parent();
  const row = parameters.find(({ id }) => id === params.id);
  if (!row) throw new WebError("WEB_NOT_FOUND");
  const [parameter, changes] = await Promise.all([
    read(async () => (await readParameterViews(serverReader(config))).find(({ id }) => id === params.id)!),
    read(() => listParameterChanges(createGraphClient(fetch, true), params.id)),
  ]);
  return { id: row.id, title: row.title, parameter, changes, currency: feeCurrency(config) };
};
