import { SALUS_RPC_URL } from "$app/env/private";
import { readJson } from "#lib/server/body.ts";
import { respond } from "#lib/server/respond.ts";
import { checkRpc, RPC_BODY_LIMIT } from "#lib/server/rpc-policy.ts";
import { postJson } from "#lib/server/upstream.ts";
import type { RequestHandler } from "./$types";

const TIMEOUT_MS = 20_000;

export const POST: RequestHandler = ({ request }) =>
  respond(async () => {
    const body = await readJson(request, RPC_BODY_LIMIT);
    checkRpc(body);
    return postJson(SALUS_RPC_URL, body, "WEB_RPC_UNREACHABLE", TIMEOUT_MS);
  });
