import { SALUS_GATEWAYS } from "$app/env/private";
import { checkDeclaredSize, limitBytes } from "#lib/server/body.ts";
import {
  findGateway,
  forwardedRequestHeaders,
  forwardedResponseHeaders,
  GATEWAY_BODY_LIMIT,
  gatewayUrl,
} from "#lib/server/gateway-policy.ts";
import { respond } from "#lib/server/respond.ts";
import { reach } from "#lib/server/upstream.ts";
import type { RequestHandler } from "./$types";

/** A job's status may be held open by a gateway for a while; an upload of 32 MB may be slow. */
const TIMEOUT_MS = 120_000;

const forward: RequestHandler = ({ params, request, url }) =>
  respond(async () => {
    const gateway = findGateway(SALUS_GATEWAYS, params.name);
    checkDeclaredSize(request.headers, GATEWAY_BODY_LIMIT);
    const answer = await reach(gatewayUrl(gateway, params.path, url.search), "WEB_GATEWAY_UNREACHABLE", {
      method: request.method,
      headers: forwardedRequestHeaders(request.headers),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(request.body && { body: request.body.pipeThrough(limitBytes(GATEWAY_BODY_LIMIT)), duplex: "half" }),
    } as RequestInit);
    return new Response(answer.body, {
      status: answer.status,
      headers: forwardedResponseHeaders(answer.headers),
    });
  });

export const GET = forward;
export const POST = forward;
export const PUT = forward;
