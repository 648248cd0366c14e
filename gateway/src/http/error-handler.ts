import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BaseError, InvalidAddressError } from "viem";
import { isSalusError } from "@salus/sdk/errors";
import { GatewayError } from "../errors/gateway-error.ts";
import type { GatewayErrorCode } from "../errors/table.ts";

/** Turns every error into `{code, message, hint}` with the status of its row. Unexpected ones are logged, not shown. */
export function installErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answer(toGatewayError(error, request), request, reply),
  );
  app.setNotFoundHandler((request, reply) =>
    answer(
      new GatewayError("GATEWAY_NOT_FOUND", `There is no ${request.method} ${pathOf(request)}.`),
      request,
      reply,
    ),
  );
}

/** Sends an error as `{code, message, hint}`, with the status of its row. */
export function answer(error: GatewayError, request: FastifyRequest, reply: FastifyReply) {
  if (error.status >= 500) request.log.error({ err: error }, error.message);
  // The message is for who asked: it may name people, files and paths.
  else request.log.info({ code: error.code, route: request.routeOptions.url ?? "unknown" }, "refused");
  const { status, code, message, hint, promise, retryAfter } = error;
  if (retryAfter !== undefined) reply.header("retry-after", retryAfter);
  return reply.status(status).send({ code, message, hint, ...(promise ? { promise } : {}) });
}

/** Fastify's own errors, by code. */
const FASTIFY: Record<string, GatewayErrorCode> = {
  FST_ERR_VALIDATION: "GATEWAY_INVALID_REQUEST",
  FST_ERR_CTP_INVALID_JSON_BODY: "GATEWAY_INVALID_REQUEST",
  FST_ERR_CTP_EMPTY_JSON_BODY: "GATEWAY_INVALID_REQUEST",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "GATEWAY_INVALID_REQUEST",
  FST_ERR_BAD_URL: "GATEWAY_INVALID_REQUEST",
  FST_ERR_CTP_BODY_TOO_LARGE: "GATEWAY_BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "GATEWAY_UNSUPPORTED_MEDIA_TYPE",
};

/** The SDK's errors that are about what was asked: what a schema cannot say of a value, and what the chain does not have. */
const SDK: Record<string, GatewayErrorCode> = {
  SDK_INVALID_INPUT: "GATEWAY_INVALID_REQUEST",
  SDK_ORDER_UNKNOWN: "GATEWAY_ORDER_UNKNOWN",
  SDK_ASSET_UNKNOWN: "GATEWAY_ASSET_UNKNOWN",
  SDK_NOT_DELIVERED: "GATEWAY_NOT_FINAL",
};

function toGatewayError(error: FastifyError, request: FastifyRequest): GatewayError {
  if (error.validation || error instanceof SyntaxError) {
    return new GatewayError("GATEWAY_INVALID_REQUEST", validationMessage(error), { cause: error });
  }
  const code = FASTIFY[error.code];
  if (code) return new GatewayError(code, error.message, { cause: error });
  if (isBadAddress(error)) {
    const message = "An address is written in upper and lower case, and its checksum (EIP-55) is wrong.";
    return new GatewayError("GATEWAY_INVALID_REQUEST", message, { cause: error });
  }
  if (error instanceof GatewayError) return error;
  const sdk = isSalusError(error) ? SDK[error.code] : undefined;
  if (sdk) return new GatewayError(sdk, error.message, { cause: error });
  if (error instanceof BaseError || (isSalusError(error) && error.code.startsWith("SDK_CHAIN"))) {
    return new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The chain could not be read.", { cause: error });
  }
  const message = `The gateway failed at ${request.method} ${pathOf(request)}.`;
  return new GatewayError("GATEWAY_INTERNAL", message, { cause: error });
}

/** Whether viem refused an address, wherever in the errors that came of it. */
function isBadAddress(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof InvalidAddressError) return true;
  }
  return false;
}

/** Says where and what, never the value: it may be personal. */
function validationMessage(error: FastifyError): string {
  const issue = error.validation?.[0];
  if (!issue) return "The body is not JSON.";
  const place = issue.instancePath.replaceAll("/", ".").replace(/^\./, "") || "the request";
  return `${error.validationContext ?? "request"}: ${place} ${issue.message ?? "is not valid"}.`;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0]!.slice(0, 200);
}
