import Fastify, { type FastifyInstance, LogController, type RouteOptions } from "fastify";
import type { Context } from "../context.ts";
import { accessLogRoutes } from "../routes/access-log.ts";
import { applicationRoutes } from "../routes/applications.ts";
import { blobRoutes } from "../routes/blobs.ts";
import { consentRoutes } from "../routes/consents.ts";
import { handOverRoutes } from "../routes/hand-overs.ts";
import { custodyRoutes } from "../routes/custody.ts";
import { erasureRoutes } from "../routes/erasures.ts";
import { disputeRoutes } from "../routes/disputes.ts";
import { governanceRoutes } from "../routes/governance.ts";
import { healthRoutes } from "../routes/health.ts";
import { infoRoutes } from "../routes/info.ts";
import { ipfsRoutes } from "../routes/ipfs.ts";
import { logRoutes } from "../routes/log.ts";
import { mandateRoutes } from "../routes/mandates.ts";
import { modelRoutes } from "../routes/models.ts";
import { orderRoutes } from "../routes/orders.ts";
import { peerRoutes } from "../routes/peer.ts";
import { releaseRoutes } from "../routes/release.ts";
import { uploadRoutes } from "../routes/uploads.ts";
import { versionRoutes } from "../routes/versions.ts";
import { rewardRoutes } from "../routes/rewards.ts";
import { vetoRoutes } from "../routes/vetoes.ts";
import { installBodyParsers } from "./body.ts";
import { answerClientError, answerRouterError } from "./client-errors.ts";
import { installCrossOrigin } from "./cross-origin.ts";
import { installErrorHandler } from "./error-handler.ts";
import { LIMIT } from "./limits.ts";
import { installOpenApi } from "./openapi.ts";
import { installRateLimits } from "./rate-limits.ts";
import { installRouteLimits } from "./route-limits.ts";
import { installIdempotency } from "./idempotency.ts";
import { installDraining } from "./lifecycle.ts";

/**
 * Builds the HTTP server over a context; it does not listen yet.
 *
 * @param watch is told of each route as it is added
 */
export async function buildApp(
  context: Context,
  watch?: (route: RouteOptions) => void,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: context.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMIT.jsonBytes,
    http: { maxHeaderSize: LIMIT.headerBytes, headersTimeout: LIMIT.headerSeconds * 1000 },
    requestTimeout: LIMIT.requestSeconds * 1000,
    connectionTimeout: LIMIT.idleSeconds * 1000,
    keepAliveTimeout: LIMIT.keepAliveSeconds * 1000,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerRouterError,
    trustProxy: context.environment.trustedProxies ?? false,
    routerOptions: { maxParamLength: LIMIT.parameterCharacters },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false } },
  }) as unknown as FastifyInstance;
  app.server.maxConnections = LIMIT.connections;
  installErrorHandler(app);
  installDraining(app, context.lifecycle);
  installBodyParsers(app);
  installCrossOrigin(app);
  measure(app, context);
  await installRateLimits(app, context);
  installRouteLimits(app);
  if (watch) app.addHook("onRoute", watch);
  await installOpenApi(app);
  installIdempotency(app, context);
  for (const routes of [
    healthRoutes,
    infoRoutes,
    blobRoutes,
    uploadRoutes,
    ipfsRoutes,
    versionRoutes,
    modelRoutes,
    custodyRoutes,
    orderRoutes,
    mandateRoutes,
    releaseRoutes,
    consentRoutes,
    handOverRoutes,
    accessLogRoutes,
    logRoutes,
    rewardRoutes,
    disputeRoutes,
    governanceRoutes,
    vetoRoutes,
    applicationRoutes,
    erasureRoutes,
    peerRoutes,
  ]) {
    await app.register(async (scope) => routes(scope, context));
  }
  return app;
}

/** Logs and measures each answer by its route; addresses, queries and bodies are left out. */
function measure(app: FastifyInstance, { metrics }: Context): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    metrics.requests.observe(labels, reply.elapsedTime / 1000);
    request.log.debug({ ...labels, ms: Math.round(reply.elapsedTime) }, "answered");
  });
}
