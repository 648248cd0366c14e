import type { FastifyInstance } from "fastify";
import type { Address } from "viem";
import type { ErasureResponse, SignedErasure } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import { gatewaysOf } from "../erasure/held-records.ts";
import { passOnToAll } from "../erasure/pass-on-erasure.ts";
import { receiveErasure } from "../erasure/receive-erasure.ts";
import { countSigner } from "../http/rate-limits.ts";
import {
  array,
  errorBody,
  object,
  signedErasure,
  signedErasureReceipt,
  text,
  uint,
} from "../http/schemas.ts";

const answer = object({
  status: text(20),
  receipts: array(signedErasureReceipt, 255),
  needed: uint(8),
});

/** Erasure at a person's wish: any gateway of the dataset takes it, and passes it on. */
export async function erasureRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: SignedErasure }>(
    "/v1/erasures",
    {
      schema: { body: signedErasure, response: { 200: answer, "4xx": errorBody } },
    },
    async (request): Promise<ErasureResponse> => {
      const { body } = request;
      const own = await receiveErasure(context, body);
      await countSigner(request, body.erasure.subject);
      await passOnToAll(context, body);
      const { dataset, subject } = body.erasure;
      const others = await context.db
        .selectFrom("erasure_receipts")
        .select("receipt")
        .where("dataset", "=", dataset)
        .where("subject", "=", subject.toLowerCase() as Address)
        .orderBy("gateway")
        .execute();
      const { gateways, threshold } = (await gatewaysOf(context, BigInt(dataset)))!;
      const needed = gateways.length - threshold + 1;
      const receipts = [own, ...others.map(({ receipt }) => receipt)];
      return { status: receipts.length >= needed ? "erased" : "pending", receipts, needed };
    },
  );
}
