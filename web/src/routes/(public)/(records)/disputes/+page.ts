import { readDisputes, readPanels } from "#lib/data/disputes.ts";
import { load as read } from "#lib/data/loaded.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, depends }) => {
  depends("salus:disputes");
  const { graph, config } = await parent();
  const [disputes, panels] = await Promise.all([
    read(() => readDisputes(graph, config)),
    read(() => readPanels(graph)),
  ]);
  return { disputes, panels };
};
