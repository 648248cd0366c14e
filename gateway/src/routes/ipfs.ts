import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import { cidFromDigest } from "@salus/sdk/cid";
import { MAX_DESCRIPTOR_BYTES } from "@salus/sdk/records/descriptor";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { cid, object, text } from "../http/schemas.ts";
import { hasRewardFile } from "../rewards/reward-files.ts";
import { digestOf } from "../storage/blobs.ts";

/** The empty folder that graph-node asks for to see whether a server is an IPFS gateway. */
const PROBE = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";

/**
 * Public files as an IPFS trustless gateway (raw blocks): the descriptors and leaf files of versions, descriptors of models,
 * reward files.
 * Ciphertexts and models are not among them.
 */
export async function ipfsRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const schema = { params: object({ cid }), querystring: object({}, { format: text(20) }) };
  app.get<{ Params: { cid: string } }>("/ipfs/:cid", { schema }, async (request, reply) => {
    reply.header("content-type", "application/vnd.ipld.raw");
    if (request.params.cid === PROBE) return reply.send(Buffer.alloc(0));
    const digest = digestOf(request.params.cid);
    if (!(await isPublic(context, digest))) {
      throw new GatewayError(
        "GATEWAY_BLOB_UNKNOWN",
        `This gateway has no public file ${request.params.cid}.`,
      );
    }
    reply.header("cache-control", "public, max-age=31536000, immutable");
    reply.header("etag", `"${request.params.cid}"`);
    return reply.send(Buffer.from(await context.blobs.get(digest)));
  });
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
