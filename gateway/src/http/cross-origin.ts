import type { FastifyInstance } from "fastify";

/**
 * Lets web apps of any origin ask. Requests are signed and no cookie is ever read, so an origin has no authority that
 * another page could borrow.
 */
export function installCrossOrigin(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("access-control-allow-origin", "*");
    reply.header("x-content-type-options", "nosniff");
    if (request.method !== "OPTIONS") return;
    reply.header("access-control-allow-methods", "GET, HEAD, PUT, POST, DELETE");
    reply.header(
      "access-control-allow-headers",
      "authorization, content-type, idempotency-key, range, x-salus-upload",
    );
    reply.header("access-control-max-age", "600");
    await reply.status(204).send();
  });
}
