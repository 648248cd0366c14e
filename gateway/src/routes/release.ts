import type { FastifyInstance } from "fastify";
import { isAddressEqual, type Hex } from "viem";
import type { ReleaseRequest, ReleaseResponse } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { authenticate } from "../auth/authenticate.ts";
import type { Context } from "../context.ts";
import { LIMIT } from "../http/limits.ts";
import {
  array,
  base64,
  errorBody,
  logPosition,
  object,
  orderParams,
  refusedRecord,
  signedPromise,
  struct,
  uint,
} from "../http/schemas.ts";
import { checkSigner, countSigner } from "../http/rate-limits.ts";
import { releaseDownload } from "../orders/release-download.ts";
import { idOf } from "./orders.ts";

const answer = object({
  gateway: uint(16),
  sealed: base64(LIMIT.releaseBytes),
  released: uint(32),
  refused: array(refusedRecord, LIMIT.versionRecords),
  log: logPosition,
  promise: signedPromise,
});

/** Key shares of a download, to its buyer. */
export async function releaseRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Params: { id: Hex }; Body: ReleaseRequest }>(
    "/v1/orders/:id/release",
    {
      schema: {
        params: orderParams,
        body: object({ order: struct("Order") }),
        response: { 200: answer, "4xx": errorBody },
      },
    },
    async (request): Promise<ReleaseResponse> => {
      const stop = context.metrics.releases.startTimer({ action: "download" });
      const order = fromWire("Order", request.body.order);
      const { signer, facts } = await authenticate(context, request);
      const entitled = isAddressEqual(signer, order.buyer);
      if (facts.signatureValid) await checkSigner(request, signer);
      const about = { id: idOf(request.params), order, request: { ...facts, entitled } };
      const release = await releaseDownload(context, about);
      await countSigner(request, signer);
      stop();
      return release;
    },
  );
}
