import type { FastifyInstance } from "fastify";
import { cidFromDigest } from "@salus/sdk/cid";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import { requireUpload, type Upload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { cid, object } from "../http/schemas.ts";
import { digestOf } from "../storage/blobs.ts";

/** Largest blob: an envelope of 16 MiB and its frame, or a leaf file of some 60,000 records. */
export const MAX_BLOB = 64 * 1024 * 1024;

/** Bytes that one asset may store: an operator answers for its datasets, a curator alone for less. */
const QUOTA = { operator: 8 * 1024 ** 3, curator: 256 * 1024 ** 2 };

/** Bytes that all curators together may store without an operator's word: anybody can make the key of one. */
const CURATORS_QUOTA = 2 * 1024 ** 3;

const params = object({ cid });

/** Ciphertexts, descriptors and leaf files by content id. */
export async function blobRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.put<{ Params: { cid: string } }>(
    "/v1/blobs/:cid",
    {
      bodyLimit: MAX_BLOB,
      config: { rateLimit: { max: 12_000 } },
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
      await storeBlob(context, request.upload!, bytes);
      return reply.status(201).send({ cid: request.params.cid });
    },
  );

  app.get<{ Params: { cid: string } }>(
    "/v1/blobs/:cid",
    { config: { rateLimit: { max: 12_000 } }, schema: { params } },
    async (request, reply) => {
      const digest = digestOf(request.params.cid);
      await assertNoModel(context, digest);
      const bytes = await context.blobs.get(digest);
      reply.header("cache-control", "public, max-age=31536000, immutable");
      return reply.type("application/octet-stream").send(Buffer.from(bytes));
    },
  );
}

/** A model's digest stands on chain, so its content id is no secret; its file is used here, for a fee, and not handed out. */
async function assertNoModel({ db }: Context, digest: `0x${string}`): Promise<void> {
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

/** Stores a blob within its asset's quota. @throws GATEWAY_UPLOAD_QUOTA */
export async function storeBlob(context: Context, upload: Upload, bytes: Uint8Array): Promise<void> {
  const { db, blobs } = context;
  const asset = upload.asset.toString();
  const quota = upload.byOperator ? QUOTA.operator : QUOTA.curator;
  if ((await storedBytes(db, { asset })) + bytes.length > quota) {
    throw new GatewayError(
      "GATEWAY_UPLOAD_QUOTA",
      `Asset ${asset} may store ${quota} bytes at this gateway.`,
    );
  }
  const trusted = upload.byOperator;
  if (!trusted && (await storedBytes(db, { trusted })) + bytes.length > CURATORS_QUOTA) {
    throw new GatewayError(
      "GATEWAY_UPLOAD_QUOTA",
      "This gateway takes no more files without its operator's word.",
    );
  }
  const digest = await blobs.put(bytes);
  await db
    .insertInto("blobs")
    .values({ digest, asset, trusted, size: bytes.length, stored_at: context.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Bytes stored for an asset, or on the word of curators alone. */
async function storedBytes(db: Db, which: { asset: string } | { trusted: boolean }): Promise<number> {
  const sum = db
    .selectFrom("blobs")
    .select((row) => row.fn.coalesce(row.fn.sum<number>("size"), row.lit(0)).as("bytes"));
  const some =
    "asset" in which ? sum.where("asset", "=", which.asset) : sum.where("trusted", "=", which.trusted);
  return Number((await some.executeTakeFirstOrThrow()).bytes);
}

declare module "fastify" {
  interface FastifyRequest {
    /** set on routes that need an upload token */
    upload?: Upload;
  }
}
