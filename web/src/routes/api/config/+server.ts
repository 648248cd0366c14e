import { readPublicConfig } from "#lib/server/public-config.ts";
import { respond } from "#lib/server/respond.ts";

export function GET(): Promise<Response> {
  return respond(async () =>
    Response.json(await readPublicConfig(), { headers: { "cache-control": "no-store" } }),
  );
}
