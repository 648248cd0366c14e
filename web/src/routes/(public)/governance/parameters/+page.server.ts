import { readLists } from "#lib/data/lists.ts";
import { load as read } from "#lib/data/loaded.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { feeCurrency } from "#lib/server/governance/currency.ts";
import { readParameterViews } from "#lib/server/governance/parameters.ts";
import type { PageServerLoad } from "./$types";

/** Values in force come from the chain, so that a slow index cannot show an old rule. */
export const load: PageServerLoad = async ({ parent, fetch }) => {
  const { config } = await parent();
  const [parameters, lists] = await Promise.all([
    read(async () => readParameterViews(serverReader(config))),
    read(() => readLists(createGraphClient(fetch, true), Date.now() / 1000)),
  ]);
  return { parameters, lists, currency: feeCurrency(config) };
};
