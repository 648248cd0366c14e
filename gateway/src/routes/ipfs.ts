import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Hex } from "viem";
import { cidFromDigest } from "@salus/sdk/cid";
import { MAX_DESCRIPTOR_BYTES } from "@salus/sdk/records/descriptor";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { cid, object, text } from "../http/schemas.ts";
import { hasRewardFile } from "../rewards/reward-files.ts";
import { digestOf } from "../storage/blobs.ts";

/** The empty folder that graph-node asks for to see whether a server is an IPFS gateway. */
const PROBE = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";

/** Blocks larger than this are streamed as they lie there: their reader checks the content id, as IPFS clients always do. */
const CHECKED_BYTES = 2 * 1024 * 1024;

const RAW = "application/vnd.ipld.raw";

/** What is never made here, by the names that the two ways of asking have for it. */
const UNMADE =
  /^(application\/vnd\.(ipld|ipfs)\.|application\/x-tar|car$|tar$|ipns-record$|dag-|json$|cbor$)/;

type Asked = { Params: { cid: string }; Querystring: { format?: string } };

/**
 * Public files as an IPFS trustless gateway (raw blocks): the descriptors and leaf files of versions, descriptors of models,
 * reward files. Each is one block, its content id the CIDv1 of its SHA-256. Ciphertexts and models are not among them.
 */
export async function ipfsRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const schema = { params: object({ cid }), querystring: object({}, { format: text(20) }) };
  const below = object({ cid, "*": text(LIMIT.headerBytes) });
  app.get<Asked>("/ipfs/:cid", { schema }, async (request, reply) => {
    const { cid: id } = request.params;
    reply.header("vary", "accept");
    assertRaw(request.headers.accept, request.query.format);
    if (id === PROBE) return reply.type(RAW).send(Buffer.alloc(0));
    const digest = digestOfBlock(id);
    if (!(await isPublic(context, digest))) {
      throw new GatewayError("GATEWAY_BLOB_UNKNOWN", `This gateway has no public file ${id}.`);
    }
    const etag = `"${id}.raw"`;
    reply.headers({
      "cache-control": "public, max-age=31536000, immutable",
      "content-disposition": `attachment; filename="${id}.bin"`,
      "x-content-type-options": "nosniff",
      "x-ipfs-path": `/ipfs/${id}`,
      etag,
    });
    if (request.headers["if-none-match"]?.includes(etag)) return reply.status(304).send();
    return sendBlock(context, digest, request.method, reply.type(RAW));
  });

  app.get<{ Params: { cid: string; "*": string } }>(
    "/ipfs/:cid/*",
    { schema: { params: below } },
    async () => {
      throw new GatewayError("GATEWAY_INVALID_REQUEST", "A raw block has no paths below it.", {
        hint: "Ask for /ipfs/<content id>?format=raw alone.",
      });
    },
  );
}

async function sendBlock({ blobs }: Context, digest: Hex, method: string, reply: FastifyReply) {
  const size = await blobs.size(digest);
  if (size === undefined || (size <= CHECKED_BYTES && method !== "HEAD")) {
    return reply.send(Buffer.from(await blobs.get(digest)));
  }
  reply.header("content-length", size);
  // To a head alone the server adds the length of what it is given, unless that is a stream.
  return reply.send(Readable.from(method === "HEAD" ? [] : await blobs.read(digest)));
}

/**
 * A format that is named must be raw; a client that names none, or any, gets it too. By the specification a specific `accept`
 * speaks before `format`.
 *
 * @throws GATEWAY_FORMAT_UNAVAILABLE
 */
function assertRaw(accept: string | undefined, format: string | undefined): void {
  const types = (accept ?? "").split(",").map((each) => each.split(";")[0]!.trim().toLowerCase());
  if (types.includes(RAW)) return;
  const asked = types.find((type) => UNMADE.test(type)) ?? format ?? "raw";
  if (asked === "raw") return;
  throw new GatewayError("GATEWAY_FORMAT_UNAVAILABLE", `This gateway does not serve blocks as ${asked}.`);
}

/** @throws GATEWAY_INVALID_REQUEST for a content id of another kind */
function digestOfBlock(id: string): Hex {
  try {
    return digestOf(id);
  } catch (cause) {
    throw new GatewayError("GATEWAY_INVALID_REQUEST", (cause as Error).message, {
      hint: "Ask by the CIDv1 of codec raw and hash sha2-256, in base32: it begins with bafkrei.",
      cause,
    });
  }
}

async function isPublic({ db }: Context, digest: Hex): Promise<boolean> {
  const id = cidFromDigest(digest);
  const row = await db
    .selectFrom("versions")
    .select("asset")
    .where((where) =>
      where.or([
        where("descriptor", "=", digest),
        where("consents_cid", "=", id),
        where("manifest_cid", "=", id),
        where("changes_cid", "=", id),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined || (await hasRewardFile({ db }, digest)) || isModelDescriptor(db, digest);
}

/** A model's curator stores two files here: the model, which nobody may read without paying, and its descriptor. */
async function isModelDescriptor(db: Context["db"], digest: Hex): Promise<boolean> {
  const row = await db
    .selectFrom("blobs")
    .innerJoin("models", "models.asset", "blobs.asset")
    .select("blobs.digest")
    .where("blobs.digest", "=", digest)
    .whereRef("models.digest", "<>", "blobs.digest")
    .where("blobs.size", "<=", MAX_DESCRIPTOR_BYTES)
    .executeTakeFirst();
  return row !== undefined;
}
