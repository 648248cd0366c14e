import { browser } from "$app/env";
import { createGraphClient } from "#lib/graph/client.ts";
import type { LayoutLoad } from "./$types";

/** One client of the index per visitor: per request on the server, per page load in the browser. */
export const load: LayoutLoad = ({ fetch }) => ({ graph: createGraphClient(fetch, !browser) });
