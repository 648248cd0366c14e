import { SALUS_CHAIN_ID, SALUS_DEPLOYMENT, SALUS_GATEWAYS } from "$app/env/private";
import { readPublicConfig } from "#lib/server/config.ts";
import { respond } from "#lib/server/respond.ts";

export function GET(): Promise<Response> {
  return respond(async () =>
    Response.json(
      readPublicConfig({ deployment: SALUS_DEPLOYMENT, chainId: SALUS_CHAIN_ID, gateways: SALUS_GATEWAYS }),
      { headers: { "cache-control": "no-store" } },
    ),
  );
}
