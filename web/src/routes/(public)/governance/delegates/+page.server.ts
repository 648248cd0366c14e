import { listDelegates } from "#lib/data/delegates.ts";
import { load as read } from "#lib/data/loaded.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import type { PageServerLoad } from "./$types";

export const load: PageServerLoad = async ({ fetch, depends }) => {
  depends("salus:delegates");
  return { delegates: await read(() => listDelegates(createGraphClient(fetch, true))) };
};
