import type { FastifyInstance } from "fastify";
import type { AccessLogEntry, AccessLogRequest, AccessLogResponse } from "@salus/sdk/gateway/types";
import type { Address } from "viem";
import { assertRequest } from "../auth/authenticate.ts";
import { isFresh, takeNonce } from "../auth/nonces.ts";
import { verifyRequest } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import {
  address,
  array,
  bytes32,
  decimal,
  errorBody,
  logPosition,
  object,
  signature,
  text,
  uint,
} from "../http/schemas.ts";
import { readPosition } from "../log/read-position.ts";

/** Entries in one answer, newest first. */
const MOST = 1000;

const entry = object({
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
});

const schema = {
  body: object({ dataset: decimal, subject: address, issuedAt: uint(40), nonce: bytes32, signature }),
  response: { 200: object({ entries: array(entry, MOST), log: logPosition }), "4xx": errorBody },
};

/** Every decision about a subject's record, told to that subject alone. */
export async function accessLogRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: AccessLogRequest }>(
    "/v1/access-log",
    { schema },
    async ({ body }): Promise<AccessLogResponse> => {
      await assertSubject(context, body);
      const rows = await context.db
        .selectFrom("decisions")
        .selectAll()
        .where("dataset", "=", body.dataset)
        .where("subject", "=", body.subject.toLowerCase() as Address)
        .orderBy("index", "desc")
        .limit(MOST)
        .execute();
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
      }));
      return { entries, log: await readPosition(context.db, context.index) };
    },
  );
}

async function assertSubject(context: Context, body: AccessLogRequest): Promise<void> {
  const { dataset, subject, issuedAt, nonce } = body;
  const message = { dataset: BigInt(dataset), subject, gateway: context.index, issuedAt, nonce };
  const parameters = {
    primaryType: "AccessLogRequest",
    message,
    signer: subject,
    signature: body.signature,
  } as const;
  const signatureValid = await verifyRequest(context.chain, parameters);
  const now = context.now();
  const fresh = isFresh(issuedAt, now);
  const replayed = signatureValid && fresh && !(await takeNonce(context.db, subject, nonce, now));
  assertRequest({ signatureValid, fresh, replayed });
}
