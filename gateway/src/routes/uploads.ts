import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type OpenUploadRequest, UPLOAD_PIECE_BYTES, type UploadView } from "@salus/sdk/gateway/uploads";
import { requireUpload, type Upload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { cid, errorBody, object, uint } from "../http/schemas.ts";
import { digestOf } from "../storage/blobs.ts";
import { assertNotErased, assertRoom, SMALLEST, noteBlob } from "../storage/quota.ts";
import { findUpload, openUpload, prolongUpload, removeUpload } from "../storage/uploads.ts";
import { bodyBytes } from "./blobs.ts";

const size = { type: "integer", minimum: 0, maximum: LIMIT.uploadBytes };
const id = { type: "string", pattern: "^[0-9a-f-]{36}$" };
const view = object({ id, size: uint(48), offset: uint(48), expiresAt: uint(40) });
const answers = { "4xx": errorBody };
const params = object({ id });

/** Uploads of any size in pieces, which go on where they broke off. */
export async function uploadRoutes(app: FastifyInstance, context: Context): Promise<void> {
  // The token is checked before a body is read.
  const onRequest = async (request: FastifyRequest) =>
    void (request.upload = await requireUpload(context, request));

  app.post<{ Body: OpenUploadRequest }>(
    "/v1/uploads",
    {
      onRequest,
      schema: { body: object({ size: size }), response: { 201: view, ...answers } },
    },
    async (request, reply): Promise<UploadView> => {
      const upload = request.upload!;
      const { size } = request.body;
      await assertRoom(context, upload, Math.max(size, SMALLEST));
      const row = await openUpload(context, { id: randomUUID(), upload, size });
      return reply.status(201).send({ id: row.id, size, offset: 0, expiresAt: row.expires_at });
    },
  );

  app.get<{ Params: { id: string } }>(
    "/v1/uploads/:id",
    { onRequest, schema: { params, response: { 200: view, ...answers } } },
    async (request) => viewOf(context, request.params.id, request.upload!),
  );

  app.put<{ Params: { id: string; offset: string } }>(
    "/v1/uploads/:id/:offset",
    {
      onRequest,
      schema: {
        params: object({ id, offset: { type: "string", pattern: "^(0|[1-9][0-9]{0,13})$" } }),
        response: { 200: view, ...answers },
      },
    },
    async (request): Promise<UploadView> => {
      const { upload, params: about } = request;
      const before = await viewOf(context, about.id, upload!);
      const piece = bodyBytes(request.body);
      assertPlace(before, Number(about.offset), piece.length);
      await context.blobs.partials.append(about.id, before.offset, piece);
      reached("upload.piece");
      const expiresAt = await prolongUpload(context, about.id);
      return { ...before, offset: before.offset + piece.length, expiresAt };
    },
  );

  app.post<{ Params: { id: string }; Body: { cid: string } }>(
    "/v1/uploads/:id/complete",
    {
      onRequest,
      schema: { params, body: object({ cid }), response: { 201: object({ cid }), ...answers } },
    },
    async (request, reply) => {
      const upload = request.upload!;
      const digest = digestOf(request.body.cid);
      const { id: uploadId, size, offset } = await viewOf(context, request.params.id, upload);
      // Pieces go before the row: a blob without them is whole, and its upload was not ended.
      const whole = offset === 0 && (await context.blobs.size(digest)) === size;
      if (offset !== size && !whole) {
        throw new GatewayError("GATEWAY_UPLOAD_OFFSET", `Of the upload ${offset} of ${size} bytes are here.`);
      }
      await assertNotErased(context.db, [digest]);
      if (!whole) await context.blobs.partials.complete(uploadId, digest);
      await noteBlob(context, upload, { digest, size });
      reached("upload.noted");
      await removeUpload(context, uploadId);
      return reply.status(201).send({ cid: request.body.cid });
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/v1/uploads/:id",
    { onRequest, schema: { params, response: { 204: { type: "null" }, ...answers } } },
    async (request, reply) => {
      await viewOf(context, request.params.id, request.upload!);
      await removeUpload(context, request.params.id);
      return reply.status(204).send();
    },
  );
}

/** @throws GATEWAY_UPLOAD_UNKNOWN also for another asset's */
async function viewOf(context: Context, uploadId: string, upload: Upload): Promise<UploadView> {
  const row = await findUpload(context, uploadId);
  if (!row || row.asset !== upload.asset.toString()) {
    throw new GatewayError("GATEWAY_UPLOAD_UNKNOWN", `There is no open upload ${uploadId} of this asset.`);
  }
  const offset = await context.blobs.partials.offset(uploadId);
  return { id: uploadId, size: row.size, offset, expiresAt: row.expires_at };
}

/** A piece goes where the stored bytes end, and is whole unless it is the last. */
function assertPlace({ size, offset }: UploadView, asked: number, length: number): void {
  if (asked !== offset) {
    throw new GatewayError("GATEWAY_UPLOAD_OFFSET", `The upload goes on at ${offset}, not at ${asked}.`);
  }
  const expected = Math.min(UPLOAD_PIECE_BYTES, size - offset);
  if (length === expected && length > 0) return;
  throw new GatewayError(
    "GATEWAY_UPLOAD_OFFSET",
    `The piece at ${offset} has ${length} bytes, not ${expected}.`,
    {
      hint: `Send pieces of ${UPLOAD_PIECE_BYTES} bytes, the last one what remains.`,
    },
  );
}
