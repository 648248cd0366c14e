import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { errorBody, object, text } from "../http/schemas.ts";

const ok = { 200: object({ status: text(20) }), 503: errorBody };

/** `/health`: the process lives. `/ready`: database and chain answer, and the head is fresh. `/metrics`: Prometheus. */
export async function healthRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const config = { rateLimit: false } as const;
  app.get("/health", { config, schema: { response: ok } }, async () => ({ status: "alive" }));

  app.get("/ready", { config, schema: { response: ok } }, async () => {
    await sql`select 1`.execute(context.db);
    const { head } = await context.chain.snapshot();
    const age = context.now() - head.time;
    if (age > context.environment.maxHeadAge) {
      throw new GatewayError("GATEWAY_HEAD_STALE", `The newest block is ${age} seconds old.`);
    }
    return { status: "ready" };
  });

  app.get("/metrics", { config, schema: { hide: true } }, async (_, reply) => {
    const { registry } = context.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });

  app.get("/v1/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}
