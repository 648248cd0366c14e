import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { GatewayError } from "../errors/gateway-error.ts";
import type { GatewayErrorCode } from "../errors/table.ts";
import { answer } from "./error-handler.ts";

/** Node's codes of what it does not take for a request. */
const CODES: Readonly<Record<string, GatewayErrorCode>> = {
  HPE_HEADER_OVERFLOW: "GATEWAY_HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "GATEWAY_REQUEST_SLOW",
};

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** Answers bytes that are no HTTP request, on the bare socket, in the form of every other error. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const { status, code, message, hint } = new GatewayError(
    CODES[error.code ?? ""] ?? "GATEWAY_INVALID_REQUEST",
    "The bytes sent are not a request that is taken.",
  );
  const body = JSON.stringify({ code, message, hint });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_TEXT[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** Answers what the router itself cannot read. */
export function answerRouterError(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void answer(new GatewayError("GATEWAY_INVALID_REQUEST", "The path is not well-formed."), request, reply);
}
