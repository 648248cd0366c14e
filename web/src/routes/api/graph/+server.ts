import { SALUS_SUBGRAPH_URL } from "$app/env/private";
import { readJson } from "#lib/server/body.ts";
import { checkGraph, GRAPH_BODY_LIMIT } from "#lib/server/graph-policy.ts";
import { respond } from "#lib/server/respond.ts";
import { postJson } from "#lib/server/upstream.ts";
import type { RequestHandler } from "./$types";

const TIMEOUT_MS = 20_000;

export const POST: RequestHandler = ({ request }) =>
  respond(async () => {
    const checked = checkGraph(await readJson(request, GRAPH_BODY_LIMIT));
    return postJson(SALUS_SUBGRAPH_URL, checked, "WEB_GRAPH_UNREACHABLE", TIMEOUT_MS);
  });
