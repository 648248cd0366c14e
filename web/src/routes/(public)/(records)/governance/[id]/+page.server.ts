import { SALUS_RPC_URL } from "$app/env/private";
import { load as read } from "#lib/data/loaded.ts";
import { readProposal } from "#lib/data/proposal.ts";
import { WebError } from "#lib/errors.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { readGovernance } from "#lib/server/governance.ts";
import type { PageServerLoad } from "./$types";

export const load: PageServerLoad = async ({ fetch, params, parent }) => {
  const { config } = await parent();
  const graph = createGraphClient(fetch, true);
  const proposal = await read(() => readProposal(graph, params.id, Date.now() / 1000));
  if (proposal.ok && proposal.data === null) throw new WebError("WEB_NOT_FOUND");
  if (proposal.ok && proposal.data) {
    const { id } = proposal.data;
    const facts = await read(() => readGovernance(SALUS_RPC_URL, config.contracts, [id]));
    if (facts.ok) proposal.data.state = facts.data.states[id] ?? proposal.data.state;
  }
  return { proposal };
};
