import { listProposals } from "#lib/data/governance.ts";
import { load as read } from "#lib/data/loaded.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent }) => {
  const { graph } = await parent();
  return { proposals: await read(() => listProposals(graph)) };
};
