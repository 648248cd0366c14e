import type { FastifyInstance } from "fastify";
import { GatewayError } from "../errors/gateway-error.ts";
import { isDeeperThan } from "./json-depth.ts";
import { LIMIT } from "./limits.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body's bytes as they came; what a request's signature covers. */
    rawBody?: Buffer;
  }
}

/** Parses JSON and binary bodies and keeps their bytes. */
export function installBodyParsers(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    request.rawBody = body as Buffer;
    // Whatever walks the parsed value calls itself for each level.
    if (isDeeperThan(body as Buffer, LIMIT.jsonLevels)) return done(tooDeep());
    parseJson(request, (body as Buffer).toString("utf8"), done);
  });
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (request, body, done) => {
    request.rawBody = body as Buffer;
    done(null, body);
  });
}

function tooDeep(): GatewayError {
  return new GatewayError(
    "GATEWAY_INVALID_REQUEST",
    `The body has more than ${LIMIT.jsonLevels} levels of arrays and objects.`,
  );
}
