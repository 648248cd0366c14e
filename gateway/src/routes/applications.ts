import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import type { SignedApplication, SignedApproval, SignedRefusal } from "@salus/sdk/gateway/types";
import { receiveApproval, receiveRefusal } from "../applications/decide.ts";
import { listApplications, PAGE } from "../applications/list.ts";
import { receiveApplication } from "../applications/receive.ts";
import { requireSigner } from "../auth/authenticate.ts";
import type { Context } from "../context.ts";
import {
  address,
  array,
  bytes32,
  cid,
  decimal,
  errorBody,
  object,
  signature,
  struct,
  text,
  uint,
} from "../http/schemas.ts";

const members = {
  application: object({
    applicant: address,
    dataset: decimal,
    uses: decimal,
    country: uint(16),
    disease: bytes32,
    project: bytes32,
    text: bytes32,
    issuedAt: uint(40),
    nonce: bytes32,
  }),
  text: object({
    project: text(500),
    salt: bytes32,
    study: text(4_000),
    documents: array(cid, 8),
    until: uint(40),
  }),
  signature,
};
const approval = object({ attestation: struct("Attestation"), signature });
const refusal = object({
  refusal: object({
    application: bytes32,
    issuer: address,
    reason: text(2_000),
    issuedAt: uint(40),
    nonce: bytes32,
  }),
  signature,
});
const decision = object({ issuer: address, decidedAt: uint(40) }, { approval, refusal });
const page = object(
  {
    applications: array(
      object({ ...members, id: bytes32, receivedAt: uint(40), decisions: array(decision, 10_000) }),
      PAGE,
    ),
  },
  { next: decimal },
);
const params = object({ id: bytes32 });
const done = { 204: { type: "null" }, "4xx": errorBody };

/** Applications for approvals: a buyer hands one in, committees read and decide, both see what came of it. */
export async function applicationRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: SignedApplication }>(
    "/v1/applications",
    {
      schema: { body: object(members), response: { 201: object({ id: bytes32 }), "4xx": errorBody } },
    },
    async ({ body }, reply) => reply.status(201).send({ id: await receiveApplication(context, body) }),
  );

  app.get<{ Querystring: { before?: string } }>(
    "/v1/applications",
    {
      schema: {
        querystring: object({}, { before: decimal }),
        response: { 200: page, "4xx": errorBody },
      },
    },
    async (request) => {
      const caller = await requireSigner(context, request);
      return listApplications(context, caller, request.query.before);
    },
  );

  app.post<{ Params: { id: Hex }; Body: SignedApproval }>(
    "/v1/applications/:id/approvals",
    { schema: { params, body: approval, response: done } },
    async ({ params: { id }, body }, reply) => {
      await receiveApproval(context, id, body);
      return reply.status(204).send();
    },
  );

  app.post<{ Params: { id: Hex }; Body: SignedRefusal }>(
    "/v1/applications/:id/refusals",
    { schema: { params, body: refusal, response: done } },
    async ({ params: { id }, body }, reply) => {
      await receiveRefusal(context, id, body);
      return reply.status(204).send();
    },
  );
}
