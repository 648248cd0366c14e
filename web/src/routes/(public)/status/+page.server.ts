import { SALUS_GATEWAYS, SALUS_RPC_URL, SALUS_SUBGRAPH_URL } from "$app/env/private";
import { readHeads } from "#lib/server/head.ts";
import { probeGateways } from "#lib/server/probe.ts";
import type { PageServerLoad } from "./$types";

export const load: PageServerLoad = async () => {
  const [heads, gateways] = await Promise.all([
    readHeads({ rpcUrl: SALUS_RPC_URL, graphUrl: SALUS_SUBGRAPH_URL }),
    probeGateways(SALUS_GATEWAYS),
  ]);
  return { heads, gateways };
};
