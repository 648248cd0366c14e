import { SALUS_RPC_URL, SALUS_SUBGRAPH_URL } from "$app/env/private";
import { createHeadReader } from "#lib/server/head.ts";
import { respond } from "#lib/server/respond.ts";

const readHeads = createHeadReader({ rpcUrl: SALUS_RPC_URL, graphUrl: SALUS_SUBGRAPH_URL });

export function GET(): Promise<Response> {
  return respond(async () => Response.json(await readHeads(), { headers: { "cache-control": "no-store" } }));
}
