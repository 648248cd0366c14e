import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { isAddressEqual, type Address } from "viem";
import type { SignedVeto, VetoResponse } from "@salus/sdk/gateway/types";
import { assertRequest, requireSigner } from "../auth/authenticate.ts";
import { isFresh, takeNonce } from "../auth/nonces.ts";
import { verifyRequest } from "../auth/verify.ts";
import { inConsentLine } from "../consents/last-look.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { countSigner } from "../http/rate-limits.ts";
import { refusalOf } from "../orders/judge.ts";
import { errorBody, object, signedVeto, text } from "../http/schemas.ts";

/** The institution's right to refuse, always: by its operator, until lifted. */
export async function vetoRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: SignedVeto }>(
    "/v1/vetoes",
    { schema: { body: signedVeto, response: { 201: object({ id: text(40) }), "4xx": errorBody } } },
    async (request, reply): Promise<VetoResponse> => {
      await assertOwnVeto(context, request.body);
      await countSigner(request, context.keys.operator.address);
      const id = randomUUID();
      const { dataset, subject } = request.body.veto;
      await inConsentLine(context.db, BigInt(dataset), (tx) =>
        tx
          .insertInto("vetoes")
          .values({
            id,
            dataset,
            subject: subject.toLowerCase() as Address,
            signed: JSON.stringify(request.body),
            created_at: context.now(),
            lifted_at: null,
          })
          .execute(),
      );
      return reply.status(201).send({ id });
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/v1/vetoes/:id",
    { schema: { params: object({ id: text(40) }), response: { 204: { type: "null" }, "4xx": errorBody } } },
    async (request, reply) => {
      const signer = await requireSigner(context, request);
      if (!isAddressEqual(signer, context.keys.operator.address)) throw refusalOf("GATEWAY_NOT_ENTITLED");
      await countSigner(request, signer);
      const lifted = await context.db
        .updateTable("vetoes")
        .set({ lifted_at: context.now() })
        .where("id", "=", request.params.id)
        .where("lifted_at", "is", null)
        .executeTakeFirst();
      if (lifted.numUpdatedRows === 0n) {
        throw new GatewayError("GATEWAY_VETO_UNKNOWN", `There is no standing veto ${request.params.id}.`);
      }
      return reply.status(204).send();
    },
  );
}

async function assertOwnVeto(context: Context, { veto, signature }: SignedVeto): Promise<void> {
  const signer = context.keys.operator.address;
  const message = { ...veto, dataset: BigInt(veto.dataset) };
  const parameters = { primaryType: "Veto", message, signer, signature } as const;
  const signatureValid = veto.gateway === context.index && (await verifyRequest(context.chain, parameters));
  const now = context.now();
  const fresh = isFresh(veto.issuedAt, now);
  const replayed = signatureValid && fresh && !(await takeNonce(context.db, signer, veto.nonce, now));
  assertRequest({ signatureValid, fresh, replayed });
}
