import type { FastifyInstance, FastifyRequest } from "fastify";
import { isAddressEqual, type Hex } from "viem";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { fromWire } from "@salus/sdk/gateway/wire";
import type { ExclusionFile, OrderView, SubmitJobRequest } from "@salus/sdk/gateway/types";
import { findOrder } from "@salus/sdk/orders/find-order";
import { authenticate, underSignature } from "../auth/authenticate.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import {
  address,
  array,
  base64,
  bytes32,
  cid,
  errorBody,
  object,
  orderParams,
  signedPromise,
  struct,
  text,
  uint,
} from "../http/schemas.ts";
import { countSigner } from "../http/rate-limits.ts";
import { acceptJob } from "../orders/accept-job.ts";
import { findDelivery } from "../orders/find-delivery.ts";
import { assertDelivered, judge } from "../orders/judge.ts";
import { findOrderRow, viewOf } from "../orders/order-rows.ts";

const failure = object({ code: text(80), message: text(1000), hint: text(1000) });
const view = object(
  { id: bytes32, state: text(20), updatedAt: uint(40) },
  {
    cohort: uint(32),
    receipt: struct("Receipt"),
    result: cid,
    failure,
    transaction: bytes32,
    promise: signedPromise,
  },
);
const job = object(
  { order: struct("Order") },
  {
    spec: { type: "object", additionalProperties: true },
    salt: bytes32,
    sealedInput: base64(LIMIT.sealedInputBytes),
  },
);
const exclusions = object({
  order: bytes32,
  excluded: array(object({ subject: address, reason: uint(8) }), LIMIT.versionRecords),
});

type ById = { Params: { id: Hex } };

/** Orders at their executor: job, progress, result. */
export async function orderRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<ById & { Body: SubmitJobRequest }>(
    "/v1/orders/:id/job",
    {
      schema: { params: orderParams, body: job, response: { 202: view, "4xx": errorBody } },
    },
    async (request, reply): Promise<OrderView> => {
      const { order, spec, salt, sealedInput } = request.body;
      const { row, promise } = await acceptJob(context, {
        id: idOf(request.params),
        order: fromWire("Order", order),
        ...(spec === undefined ? {} : { spec }),
        ...(salt ? { salt } : {}),
        ...(sealedInput ? { sealedInput: fromBase64(sealedInput) } : {}),
      });
      return reply.status(202).send({ ...viewOf(row), promise });
    },
  );

  app.get<ById>(
    "/v1/orders/:id",
    { schema: { params: orderParams, response: { 200: view, "4xx": errorBody } } },
    async ({ params }): Promise<OrderView> => {
      const row = await findOrderRow(context, idOf(params));
      if (row) return viewOf(row);
      throw new GatewayError("GATEWAY_ORDER_UNKNOWN", `This gateway executes no order ${params.id}.`);
    },
  );

  app.get<ById>(
    "/v1/orders/:id/exclusions",
    { schema: { params: orderParams, response: { 200: exclusions, "4xx": errorBody } } },
    async ({ params }): Promise<ExclusionFile> => {
      const row = await findOrderRow(context, idOf(params));
      if (!row || (row.state !== "delivered" && row.state !== "settled")) {
        throw new GatewayError("GATEWAY_ORDER_UNKNOWN", `This gateway delivered no order ${params.id}.`);
      }
      return {
        order: row.id,
        excluded: (row.excluded ?? []).map(({ subject, reason }) => ({ subject, reason })),
      };
    },
  );

  app.get<ById>(
    "/v1/orders/:id/result",
    { schema: { params: orderParams, response: { "4xx": errorBody } } },
    async (request, reply) => {
      const sealed = await readResult(context, idOf(request.params), request);
      return reply.type("application/octet-stream").send(Buffer.from(sealed));
    },
  );
}

/** The sealed result, to the buyer, from the final delivery on. */
async function readResult(context: Context, id: Hex, request: FastifyRequest): Promise<Uint8Array> {
  const { signer, facts } = await authenticate(context, request);
  const { order } = await underSignature(facts, () => findOrder(context.chain.reader, id));
  const entitled = isAddressEqual(signer, order.buyer);
  // Who paid for the order may ask again and again until the delivery is final.
  if (entitled && facts.signatureValid) await countSigner(request, signer);
  const about = { action: "result", id, order, request: { ...facts, entitled }, orderOnly: true } as const;
  const judgement = await judge(context, about);
  await assertDelivered(context, judgement);
  const { receipt } = await findDelivery(context, id);
  if ((await context.results.size(receipt.result)) === undefined) {
    throw new GatewayError("GATEWAY_RESULT_UNKNOWN", `This gateway does not hold the result of order ${id}.`);
  }
  return context.results.get(receipt.result);
}

/** Ids are compared as text, so one spelling is used. */
export function idOf({ id }: { id: Hex }): Hex {
  return id.toLowerCase() as Hex;
}
