import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readCaller } from "../auth/authenticate.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "./limits.ts";
import { claimWrite, forgetWrite, keepAnswer } from "./idempotent-writes.ts";

/*
 * The `idempotency-key` header on writes, after the IETF's draft-ietf-httpapi-idempotency-key-header-07: the same key with
 * the same request gives the answer that the first one had; with another request it is refused; while the first is under
 * way it is told to wait. Only what succeeded is kept, since what was refused has changed nothing and may succeed later.
 * Keys of one caller are none of another's. After a crash the request is carried out again: every route stands that.
 */

declare module "fastify" {
  interface FastifyRequest {
    /** under which this write's answer is kept */
    idempotentId?: string;
  }
}

const WRITES: readonly string[] = ["POST", "PUT", "DELETE"];

/** As the draft has it, a quoted string; without the quotes it means the same. */
const KEY = /^"?([A-Za-z0-9._~-]{16,128})"?$/;

/** Keeps and repeats the answers to writes that carry an `idempotency-key`. */
export function installIdempotency(app: FastifyInstance, context: Context): void {
  app.addHook("preHandler", async (request, reply) => {
    const id = await idOf(context, request);
    if (!id) return undefined;
    const answer = await claimWrite(context, id, fingerprint(request));
    if (!answer) {
      request.idempotentId = id;
      return undefined;
    }
    reply.status(answer.status).header("idempotency-replayed", "true");
    if (answer.content_type) reply.type(answer.content_type);
    return reply.send(answer.body ?? undefined);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const id = request.idempotentId;
    if (!id) return payload;
    const kept = bytesOf(payload);
    if (reply.statusCode < 300 && kept) {
      const contentType = (reply.getHeader("content-type") as string | undefined) ?? null;
      await keepAnswer(context, id, { status: reply.statusCode, content_type: contentType, body: kept });
    } else {
      await forgetWrite(context, id);
    }
    return payload;
  });
}

/** None for a request without a key, and for one whose own signature does not hold: its route refuses it. */
async function idOf(context: Context, request: FastifyRequest): Promise<string | undefined> {
  const header = request.headers["idempotency-key"];
  if (header === undefined || !WRITES.includes(request.method)) return undefined;
  const key = KEY.exec(String(header))?.[1];
  if (!key) {
    throw new GatewayError(
      "GATEWAY_INVALID_REQUEST",
      "The idempotency-key has 16 to 128 letters, digits or any of . _ ~ -.",
    );
  }
  const caller = await callerOf(context, request);
  return caller === undefined ? undefined : digest(`${caller}\n${key}`);
}

async function callerOf(context: Context, request: FastifyRequest): Promise<string | undefined> {
  if (request.upload) return `upload ${request.upload.signer} ${request.upload.asset}`;
  if (request.headers.authorization !== undefined) return readCaller(context, request);
  // What its body alone speaks for: the body is part of the fingerprint.
  return "anybody";
}

function fingerprint({ method, url, rawBody }: FastifyRequest): string {
  return digest(`${method}\n${url}\n${digest(rawBody ?? "")}`);
}

function digest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** An answer small enough to be kept; streams are not. */
function bytesOf(payload: unknown): Buffer | undefined {
  const bytes =
    payload === undefined || payload === null
      ? Buffer.alloc(0)
      : typeof payload === "string"
        ? Buffer.from(payload)
        : payload instanceof Uint8Array
          ? Buffer.from(payload)
          : undefined;
  return bytes && bytes.length <= LIMIT.idempotentAnswerBytes ? bytes : undefined;
}
