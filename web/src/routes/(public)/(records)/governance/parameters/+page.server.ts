import { load as read } from "#lib/data/loaded.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { feeCurrency } from "#lib/server/governance/currency.ts";
import { readParameterViews } from "#lib/server/governance/parameters.ts";
import type { PageServerLoad } from "./$types";

/** Values in force come from the chain, so that a slow index cannot show an old rule. */
export const load: PageServerLoad = async ({ parent }) => {
  const { config } = await parent();
  const parameters = await read(() => readParameterViews(serverReader(config)));
  return { parameters, currency: feeCurrency(config) };
};
