import type { FastifyInstance } from "fastify";
import type { AccessLogEntry, AccessLogRequest, AccessLogResponse } from "@salus/sdk/gateway/types";
import type { Address, Hex } from "viem";
import { assertRequest } from "../auth/authenticate.ts";
import { isFresh, takeNonce } from "../auth/nonces.ts";
import { verifyRequest } from "../auth/verify.ts";
import { personOf } from "../consents/verify-word.ts";
import { MOST_ENTRIES } from "@salus/sdk/log/audit-history";
import type { Context } from "../context.ts";
import {
  address,
  array,
  bytes32,
  decimal,
  errorBody,
  logPosition,
  object,
  place,
  signature,
  text,
  uint,
} from "../http/schemas.ts";
import { countSubject } from "../consents/count-subject.ts";
import { nodeReader } from "../log/nodes.ts";
import { inclusionProofs } from "../log/proofs.ts";
import { readPosition } from "../log/read-position.ts";
import { isGatewayError } from "../errors/gateway-error.ts";

const entry = object(
  {
    at: uint(40),
    order: bytes32,
    action: text(20),
    uses: decimal,
    kind: uint(8),
    decision: text(20),
    reason: text(80),
    gateway: uint(16),
    index: { type: "integer", minimum: 0 },
    salt: bytes32,
  },
  { proof: array(bytes32, 128) },
);

const schema = {
  body: object(
    { dataset: decimal, subject: address, issuedAt: uint(40), nonce: bytes32, signature },
    { provenAt: place },
  ),
  response: { 200: object({ entries: array(entry, MOST_ENTRIES), log: logPosition }), "4xx": errorBody },
};

/** Every decision about a subject's record, told to that subject alone. */
export async function accessLogRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: AccessLogRequest }>(
    "/v1/access-log",
    { schema },
    async (request): Promise<AccessLogResponse> => {
      const { body } = request;
      await assertSubject(context, body);
      await countSubject(context, request, body);
      const rows = await context.db
        .selectFrom("decisions")
        .selectAll()
        .where("dataset", "=", body.dataset)
        .where("subject", "=", body.subject.toLowerCase() as Address)
        .orderBy("index", "desc")
        .limit(MOST_ENTRIES)
        .execute();
      const log = await readPosition(context.db, context.index);
      const proofs = await proofsOf(context, rows, body.provenAt, log.size);
      const entries = rows.map((row): AccessLogEntry => ({
        at: row.at,
        order: row.order_id,
        action: row.action,
        uses: row.uses,
        kind: row.kind,
        decision: row.reason === "PERMITTED" ? "permitted" : "refused",
        reason: row.reason,
        gateway: context.index,
        index: row.index,
        salt: row.salt,
        ...(proofs.has(row.index) ? { proof: proofs.get(row.index)! } : {}),
      }));
      return { entries, log };
    },
  );
}

/**
 * Audit paths of the entries that a tree of some size holds, by index. A log that is damaged gives none, and says what it
 * has all the same: whoever asks sees that the proofs are missing.
 */
async function proofsOf(
  { db, logger }: Context,
  rows: readonly { index: number }[],
  size: number | undefined,
  most: number,
): Promise<ReadonlyMap<number, Hex[]>> {
  if (size === undefined || size > most) return new Map();
  const indexes = rows.map(({ index }) => index).filter((index) => index < size);
  try {
    const paths = await inclusionProofs(nodeReader(db), indexes, size);
    return new Map(indexes.map((index, i) => [index, paths[i]!]));
  } catch (error) {
    if (!isGatewayError(error, "GATEWAY_LOG_DAMAGED")) throw error;
    logger.error({ code: error.code }, error.message);
    return new Map();
  }
}

async function assertSubject(context: Context, body: AccessLogRequest): Promise<void> {
  const { dataset, subject, issuedAt, nonce } = body;
  const message = { dataset: BigInt(dataset), subject, gateway: context.index, issuedAt, nonce };
  const parameters = {
    primaryType: "AccessLogRequest",
    message,
    // A subject that a person took over has a controller: it asks for what is logged about the subject.
    signer: await personOf(context, { dataset: BigInt(dataset), subject }),
    signature: body.signature,
  } as const;
  const signatureValid = await verifyRequest(context.chain, parameters);
  const now = context.now();
  const fresh = isFresh(issuedAt, now);
  const replayed = signatureValid && fresh && !(await takeNonce(context.db, subject, nonce, now));
  assertRequest({ signatureValid, fresh, replayed });
}
