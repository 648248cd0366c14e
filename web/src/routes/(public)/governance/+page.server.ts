import { listProposals } from "#lib/data/governance.ts";
import { load as read } from "#lib/data/loaded.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { readStandings } from "#lib/server/governance/standings.ts";
import type { PageServerLoad } from "./$types";

/** Proposals come from the index; state and quorum from the chain, so that a slow index cannot show an old state. */
export const load: PageServerLoad = async ({ fetch, parent, depends }) => {
  depends("salus:proposals");
  const { config } = await parent();
  const graph = createGraphClient(fetch, true);
  const proposals = await read(async () => {
    const listed = await listProposals(graph, Date.now() / 1000);
    const standings = listed.length === 0 ? [] : await readStandings(serverReader(config), listed);
    return listed.map((proposal, index) => ({ ...proposal, ...standings[index] }));
  });
  return { proposals };
};
