import { load as read } from "#lib/data/loaded.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { feeCurrency } from "#lib/server/governance/currency.ts";
import { readParameterViews } from "#lib/server/governance/parameters.ts";
import type { PageServerLoad } from "./$types";

/** The values in force, next to which new ones are written. */
export const load: PageServerLoad = async ({ parent }) => {
  const { config } = await parent();
  const parameters = await read(() => readParameterViews(serverReader(config)));
  return { parameters, currency: feeCurrency(config) };
};
