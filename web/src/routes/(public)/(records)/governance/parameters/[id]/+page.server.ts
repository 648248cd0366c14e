import { load as read } from "#lib/data/loaded.ts";
import { listParameterChanges } from "#lib/data/parameters.ts";
import { WebError } from "#lib/errors.ts";
import { PARAMETERS } from "#lib/governance/table.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { feeCurrency } from "#lib/server/governance/currency.ts";
import { readParameterValues } from "#lib/server/governance/parameters.ts";
import type { PageServerLoad } from "./$types";

/** One parameter: its value from the chain, its history from the index. */
export const load: PageServerLoad = async ({ params, parent, fetch }) => {
  const { config } = await parent();
  const row = PARAMETERS.find(({ id }) => id === params.id);
  if (!row) throw new WebError("WEB_NOT_FOUND");
  const [value, changes] = await Promise.all([
    read(async () => (await readParameterValues(serverReader(config), [row]))[0]!.value),
    read(() => listParameterChanges(createGraphClient(fetch, true), row.id)),
  ]);
  return { row, value, changes, currency: feeCurrency(config) };
};
