import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import { fromHex, toHex } from "@salus/sdk/crypto/bytes";
import type { LogCheckpointResponse, LogConsistency, LogEntries, LogInclusion } from "@salus/sdk/log/types";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { array, bytes32, errorBody, logPosition, object, place, signature, uint } from "../http/schemas.ts";
import { lastCheckpoint } from "../log/checkpoint-rows.ts";
import { nodeReader } from "../log/nodes.ts";
import { consistencyProof, inclusionProof, rootAt } from "../log/proofs.ts";
import { readPosition } from "../log/read-position.ts";

/** A number in a query, which is text. */
const number = { type: "string", pattern: "^(0|[1-9][0-9]{0,15})$" };
const hashes = array(bytes32, LIMIT.proofNodes);

const inclusionAnswer = object({ index: place, leaf: bytes32, size: place, root: bytes32, proof: hashes });
const consistencyAnswer = object({
  first: place,
  firstRoot: bytes32,
  second: place,
  secondRoot: bytes32,
  proof: hashes,
});
const entriesAnswer = object({ first: place, leaves: array(bytes32, LIMIT.logLeaves), size: place });
const checkpointAnswer = object(
  {
    checkpoint: logPosition,
    signature,
    cosignatures: array(object({ gateway: uint(16), signature }), 64),
  },
  { transaction: bytes32 },
);

type Query = Record<"index" | "leaf" | "size" | "first" | "second" | "count", string>;

/**
 * The transparency log, open to anyone: leaves are salted commitments and tell nothing. Proofs are those of RFC 6962,
 * read from O(log n) stored nodes.
 */
export async function logRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const read = nodeReader(context.db);
  const sizeNow = async () => (await readPosition(context.db, context.index)).size;

  app.get("/v1/log", { schema: { response: { 200: logPosition } } }, () =>
    readPosition(context.db, context.index),
  );

  app.get(
    "/v1/log/checkpoint",
    { schema: { response: { 200: checkpointAnswer, "4xx": errorBody } } },
    async (): Promise<LogCheckpointResponse> => {
      const row = await lastCheckpoint(context.db);
      if (row)
        return { checkpoint: { gateway: context.index, size: row.size, root: row.root }, ...row.signed };
      throw new GatewayError("GATEWAY_LOG_NO_CHECKPOINT", "This gateway has signed no checkpoint yet.");
    },
  );

  app.get<{ Querystring: Query }>(
    "/v1/log/inclusion",
    {
      schema: {
        querystring: object({ size: number }, { index: number, leaf: bytes32 }),
        response: { 200: inclusionAnswer, "4xx": errorBody },
      },
    },
    async ({ query }): Promise<LogInclusion> => {
      const size = await sizeWithin(query.size);
      const { index, leaf } = await findLeaf(context, query, size);
      return {
        index,
        leaf,
        size,
        root: await rootAt(read, size),
        proof: await inclusionProof(read, index, size),
      };
    },
  );

  app.get<{ Querystring: Query }>(
    "/v1/log/consistency",
    {
      schema: {
        querystring: object({ first: number, second: number }),
        response: { 200: consistencyAnswer, "4xx": errorBody },
      },
    },
    async ({ query }): Promise<LogConsistency> => {
      const second = await sizeWithin(query.second);
      const first = Number(query.first);
      if (first > second) throw outOfRange(`${first} is above ${second}.`);
      const [firstRoot, secondRoot] = [await rootAt(read, first), await rootAt(read, second)];
      return { first, firstRoot, second, secondRoot, proof: await consistencyProof(read, first, second) };
    },
  );

  app.get<{ Querystring: Query }>(
    "/v1/log/entries",
    {
      schema: {
        querystring: object({ first: number }, { count: number }),
        response: { 200: entriesAnswer, "4xx": errorBody },
      },
    },
    async ({ query }): Promise<LogEntries> => {
      const first = Number(query.first);
      const count = Math.min(Number(query.count ?? LIMIT.logLeaves), LIMIT.logLeaves);
      const rows = await context.db
        .selectFrom("decisions")
        .select("leaf_hash")
        .where("index", ">=", first)
        .where("index", "<", first + count)
        .orderBy("index")
        .execute();
      return { first, leaves: rows.map(({ leaf_hash }) => toHex(leaf_hash)), size: await sizeNow() };
    },
  );

  async function sizeWithin(text: string): Promise<number> {
    const [size, most] = [Number(text), await sizeNow()];
    if (size <= most) return size;
    throw outOfRange(`The log has ${most} entries, not ${size}.`);
  }
}

/** The leaf that a query names by its place or by its hash. */
async function findLeaf(
  { db }: Context,
  { index, leaf }: { index?: string; leaf?: string },
  size: number,
): Promise<{ index: number; leaf: Hex }> {
  if ((index === undefined) === (leaf === undefined)) {
    throw new GatewayError("GATEWAY_INVALID_REQUEST", "Name the leaf either by index or by leaf.");
  }
  const rows = db.selectFrom("decisions").select(["index", "leaf_hash"]).where("index", "<", size);
  const found = await (
    leaf === undefined
      ? rows.where("index", "=", Number(index))
      : rows.where("leaf_hash", "=", Buffer.from(fromHex(leaf, 32, "leaf")))
  ).executeTakeFirst();
  if (found) return { index: found.index, leaf: toHex(found.leaf_hash) };
  if (leaf === undefined && Number(index) >= size)
    throw outOfRange(`A tree of ${size} has no place ${index}.`);
  throw new GatewayError("GATEWAY_LOG_LEAF_UNKNOWN", `The log of ${size} entries does not hold that leaf.`);
}

function outOfRange(message: string): GatewayError {
  return new GatewayError("GATEWAY_LOG_RANGE", message);
}
