import { load as read } from "#lib/data/loaded.ts";
import { readTreasuryHistory } from "#lib/data/treasury.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { readGrantsNow } from "#lib/server/governance/grants.ts";
import { readTreasuryView } from "#lib/server/governance/treasury.ts";
import type { PageServerLoad } from "./$types";

/** What the treasury holds and may pay comes from the chain; what moved, from the index. */
export const load: PageServerLoad = async ({ parent, fetch, depends }) => {
  depends("salus:treasury");
  const { config } = await parent();
  const [view, history] = await Promise.all([
    read(async () => readTreasuryView(serverReader(config), config)),
    read(async () => {
      const history = await readTreasuryHistory(createGraphClient(fetch, true));
      return { ...history, grants: await readGrantsNow(serverReader(config), history.grants) };
    }),
  ]);
  return { view, history, now: Math.floor(Date.now() / 1000) };
};
