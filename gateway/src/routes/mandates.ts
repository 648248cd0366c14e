import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import type { SubmitMandateRequest } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import type { Context } from "../context.ts";
import { bytes32, errorBody, object, orderParams, struct } from "../http/schemas.ts";
import { acceptMandate } from "../mandates/accept-mandate.ts";
import { queueWatch } from "../mandates/watch-mandates.ts";
import { idOf } from "./orders.ts";

const body = object({
  mandate: struct("Mandate"),
  spec: { type: "object", additionalProperties: true },
  salt: bytes32,
});

/** Standing orders at their executor: their job, handed in once. */
export async function mandateRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Params: { id: Hex }; Body: SubmitMandateRequest }>(
    "/v1/mandates/:id/job",
    {
      schema: { params: orderParams, body, response: { 202: object({ id: bytes32 }), "4xx": errorBody } },
    },
    async (request, reply) => {
      const { mandate, spec, salt } = request.body;
      const id = idOf(request.params);
      await acceptMandate(context, { id, mandate: fromWire("Mandate", mandate), spec, salt });
      await queueWatch(context);
      return reply.status(202).send({ id });
    },
  );
}
