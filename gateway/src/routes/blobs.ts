import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Hex } from "viem";
import { cidFromDigest } from "@salus/sdk/cid";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import { requireUpload, type Upload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { readRange } from "../http/range.ts";
import { array, cid, object } from "../http/schemas.ts";
import { digestOf } from "../storage/blobs.ts";
import { storeBlobs } from "../storage/quota.ts";

const params = object({ cid });

/** Ciphertexts, descriptors and leaf files by content id. */
export async function blobRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.put<{ Params: { cid: string } }>(
    "/v1/blobs/:cid",
    {
      // The token is checked before the body is read.
      onRequest: async (request) => void (request.upload = await requireUpload(context, request)),
      schema: { params, response: { 201: object({ cid }) } },
    },
    async (request, reply) => {
      const bytes = bodyBytes(request.body);
      const digest = digestOf(request.params.cid);
      const actual = toHex(sha256(bytes));
      if (actual !== digest) {
        throw new GatewayError(
          "GATEWAY_DIGEST_MISMATCH",
          `The bytes have the content id ${cidFromDigest(actual)}, not ${request.params.cid}.`,
        );
      }
      await storeBlobs(context, request.upload!, [bytes]);
      return reply.status(201).send({ cid: request.params.cid });
    },
  );

  app.post(
    "/v1/blob-batches",
    {
      onRequest: async (request) => void (request.upload = await requireUpload(context, request)),
      schema: { response: { 201: object({ cids: array(cid, LIMIT.batchFiles) }) } },
    },
    async (request, reply) => {
      const blobs = readBatch(bodyBytes(request.body));
      const digests = await storeBlobs(context, request.upload!, blobs);
      return reply.status(201).send({ cids: digests.map(cidFromDigest) });
    },
  );

  app.get<{ Params: { cid: string } }>("/v1/blobs/:cid", { schema: { params } }, async (request, reply) => {
    const digest = digestOf(request.params.cid);
    await assertNoModel(context, digest);
    return sendBlob(context, digest, request, reply);
  });
}

/** Sends a blob, or the part that the request's `range` names; the reader checks the content id of what it put together. */
async function sendBlob(
  { blobs }: Context,
  digest: Hex,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const size = await blobs.size(digest);
  const range = size === undefined ? undefined : readRange(request.headers.range, size);
  reply.type("application/octet-stream");
  reply.header("accept-ranges", "bytes");
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${size}`);
    throw new GatewayError("GATEWAY_RANGE", `The blob has ${size} bytes; the range begins behind them.`);
  }
  reply.header("cache-control", "public, max-age=31536000, immutable");
  if (range) {
    reply.header("content-range", `bytes ${range.start}-${range.end - 1}/${size}`);
    reply.header("content-length", range.end - range.start);
    return reply.status(206).send(Readable.from(await blobs.read(digest, range)));
  }
  if (size === undefined || size <= LIMIT.checkedBlobBytes)
    return reply.send(Buffer.from(await blobs.get(digest)));
  reply.header("content-length", size);
  return reply.send(Readable.from(await blobs.read(digest)));
}

/** Blobs as `putBlobs` frames them: each after its length in four bytes, big endian. @throws GATEWAY_INVALID_REQUEST */
function readBatch(body: Uint8Array): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const blobs: Uint8Array[] = [];
  let at = 0;
  while (at < body.length) {
    const length = at + 4 <= body.length ? view.getUint32(at) : Infinity;
    if (at + 4 + length > body.length || blobs.length === LIMIT.batchFiles) {
      throw new GatewayError(
        "GATEWAY_INVALID_REQUEST",
        `The batch is cut short, or holds more than ${LIMIT.batchFiles} blobs.`,
      );
    }
    blobs.push(body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blobs;
}

/** A model's digest stands on chain, so its content id is no secret; its file is used here, for a fee, and not handed out. */
async function assertNoModel({ db }: Context, digest: Hex): Promise<void> {
  const model = await db.selectFrom("models").select("asset").where("digest", "=", digest).executeTakeFirst();
  if (!model) return;
  throw new GatewayError("GATEWAY_BLOB_UNKNOWN", "A model's file is not handed out.", {
    hint: "Order a use of the model instead.",
  });
}

/** The body of a file upload. @throws GATEWAY_UNSUPPORTED_MEDIA_TYPE */
export function bodyBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  throw new GatewayError("GATEWAY_UNSUPPORTED_MEDIA_TYPE", "A file is sent as application/octet-stream.");
}

declare module "fastify" {
  interface FastifyRequest {
    /** set on routes that need an upload token */
    upload?: Upload;
  }
}
