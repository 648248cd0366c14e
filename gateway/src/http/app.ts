import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyInstance, LogController } from "fastify";
import type { Context } from "../context.ts";
import { accessLogRoutes } from "../routes/access-log.ts";
import { blobRoutes } from "../routes/blobs.ts";
import { consentRoutes } from "../routes/consents.ts";
import { handOverRoutes } from "../routes/hand-overs.ts";
import { custodyRoutes } from "../routes/custody.ts";
import { erasureRoutes } from "../routes/erasures.ts";
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
import { installCrossOrigin } from "./cross-origin.ts";
import { installErrorHandler } from "./error-handler.ts";
import { installIdempotency } from "./idempotency.ts";
import { installDraining } from "./lifecycle.ts";

/** Largest JSON body, in bytes. Files have limits of their own. */
export const MAX_JSON = 1024 * 1024;

/** Requests a minute from one address; routes that cost more, or that carry many files, have limits of their own. */
const REQUESTS_A_MINUTE = 1200;

/** Builds the HTTP server over a context; it does not listen yet. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: context.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_JSON,
    trustProxy: false,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false } },
  }) as unknown as FastifyInstance;
  installErrorHandler(app);
  installDraining(app, context.lifecycle);
  installBodyParsers(app);
  installCrossOrigin(app);
  measure(app, context);
  installIdempotency(app, context);
  await app.register(rateLimit, { global: true, max: REQUESTS_A_MINUTE, timeWindow: "1 minute" });
  await app.register(swagger, { openapi: { info: { title: "Salus gateway", version: "1" } } });
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
    governanceRoutes,
    vetoRoutes,
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
