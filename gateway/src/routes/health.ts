import type { FastifyInstance } from "fastify";
import type { Context } from "../context.ts";
import { openGauges } from "../http/gauges.ts";
import { openApiDocument } from "../http/openapi.ts";
import { assertReady, openReadiness } from "../http/readiness.ts";
import { object, text } from "../http/schemas.ts";

const ok = { 200: object({ status: text(20) }) };

/**
 * `/health`: the process lives. `/ready`: database, chain, storage and queue are well, or which is not. `/metrics`:
 * Prometheus. `/openapi.json`: all routes.
 */
export async function healthRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const readiness = openReadiness(context);
  const measure = openGauges(context);

  app.get("/health", { schema: { response: ok } }, async () => ({ status: "alive" }));

  app.get("/ready", { schema: { response: ok } }, async () => {
    assertReady(await readiness());
    return { status: "ready" };
  });

  app.get("/metrics", async (_, reply) => {
    await measure();
    const { registry } = context.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });

  // It is the same for all, and long: it is written once.
  let document: string | undefined;
  for (const path of ["/openapi.json", "/v1/openapi.json"]) {
    app.get(path, async (_, reply) =>
      reply.type("application/json").send((document ??= JSON.stringify(openApiDocument(app)))),
    );
  }
}
