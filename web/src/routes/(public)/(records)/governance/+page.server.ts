import { SALUS_RPC_URL } from "$app/env/private";
import { listProposals } from "#lib/data/governance.ts";
import { load as read } from "#lib/data/loaded.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { readGovernance } from "#lib/server/governance.ts";
import type { PageServerLoad } from "./$types";

/** Proposals come from the index; what is in force comes from the chain, so that a slow index cannot show an old rule. */
export const load: PageServerLoad = async ({ fetch, parent }) => {
  const { config } = await parent();
  const graph = createGraphClient(fetch, true);
  const proposals = await read(() => listProposals(graph, Date.now() / 1000));
  const ids = proposals.ok ? proposals.data.map(({ id }) => id) : [];
  const facts = await read(() => readGovernance(SALUS_RPC_URL, config.contracts, ids));
  if (proposals.ok && facts.ok) {
    for (const proposal of proposals.data) proposal.state = facts.data.states[proposal.id] ?? proposal.state;
  }
  return { proposals, facts };
};
