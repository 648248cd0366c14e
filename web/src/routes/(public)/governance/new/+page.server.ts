import { load as read } from "#lib/data/loaded.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { feeCurrency } from "#lib/server/governance/currency.ts";
import { readParameterViews } from "#lib/server/governance/parameters.ts";
import { readTreasuryView } from "#lib/server/governance/treasury.ts";
import type { PageServerLoad } from "./$types";

/** The values in force, next to which new ones are written. */
export const load: PageServerLoad = async ({ parent }) => {
  const { config } = await parent();
  const [parameters, treasury] = await Promise.all([
    read(async () => readParameterViews(serverReader(config))),
    read(async () => readTreasuryView(serverReader(config), config)),
  ]);
  return { parameters, treasury, currency: feeCurrency(config) };
};
