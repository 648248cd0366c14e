import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import type {
  CosignRequest,
  CosignResponse,
  ErasuresPage,
  PeerReportRequest,
  PeerReportResponse,
  PeerSharesRequest,
  PeerSharesResponse,
  SignedErasure,
  SignedErasureReceipt,
  SignedRevocation,
} from "@salus/sdk/gateway/types";
import type { GatewaySignature } from "@salus/sdk/orders/deliver-order";
import { fromWire } from "@salus/sdk/gateway/wire";
import { OrderKind } from "@salus/sdk/generated/constants";
import type { Order } from "@salus/sdk/types";
import { underSignature } from "../auth/authenticate.ts";
import { authenticateExecutor, requirePeer } from "../auth/require-peer.ts";
import { readLocalWord } from "../consents/local-word.ts";
import { receiveRevocation } from "../consents/receive-revocation.ts";
import type { Context } from "../context.ts";
import { LIMIT } from "../http/limits.ts";
import { reached } from "../durable/steps.ts";
import {
  address,
  array,
  base64,
  bytes32,
  decimal,
  errorBody,
  logPosition,
  object,
  refusedRecord,
  signature,
  signedPromise,
  signedRevocation,
  signedErasure,
  signedErasureReceipt,
  signedVeto,
  struct,
  uint,
} from "../http/schemas.ts";
import { type CheckpointHandedIn, cosignCheckpoint } from "../log/cosign-checkpoint.ts";
import { promiseFor } from "../log/promise.ts";
import { ERASURES_A_PAGE, knownErasures } from "../erasure/known-erasures.ts";
import { receiveErasure } from "../erasure/receive-erasure.ts";
import { checkCosigning } from "../orders/check-cosign.ts";
import { closeRelease } from "../orders/close-release.ts";
import { jobOf } from "../orders/job-of.ts";
import { type Ask, assertPermitted, confirm, judge, type Judgement, refusalOf } from "../orders/judge.ts";
import { modelDigestOf } from "../orders/order-facts.ts";
import { orderIdOf } from "../orders/order-id.ts";
import { sealRelease } from "../orders/release.ts";
import { signedAbout, signReceipt } from "../orders/sign-receipt.ts";

const spec = { type: "object", additionalProperties: true };

const sharesBody = object(
  { order: struct("Order"), recordIds: array(bytes32, LIMIT.versionRecords) },
  { spec, salt: bytes32 },
);
const sharesAnswer = object({
  gateway: uint(16),
  sealed: base64(LIMIT.releaseBytes),
  released: uint(32),
  refused: array(refusedRecord, LIMIT.versionRecords),
  log: logPosition,
  promise: signedPromise,
  evidence: array(signedRevocation, LIMIT.versionRecords),
});
const evidence = {
  oneOf: [
    object({ revocation: signedRevocation }),
    object({ veto: signedVeto }),
    object({ erasure: signedErasure }),
  ],
};
const cosignBody = object(
  {
    order: struct("Order"),
    receipt: struct("Receipt"),
    excluded: array(object({ subject: address, reason: uint(8), evidence }), LIMIT.excludedSubjects),
    logs: array(logPosition, LIMIT.receiptLogs),
    sealedResult: base64(LIMIT.sealedResultBytes),
  },
  { spec, salt: bytes32 },
);
const cosignAnswer = object({ gateway: uint(16), signature, promise: signedPromise });
const erasuresQuery = object({ dataset: decimal }, { after: address });
const erasuresPage = object({ erasures: array(signedErasure, ERASURES_A_PAGE) }, { next: address });
const reportAnswer = object({ gateway: uint(16), report: struct("ReleaseReport"), signature });

/** What gateways ask of one another. Each checks everything by itself: an executor's word counts for nothing. */
export async function peerRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: PeerSharesRequest }>(
    "/v1/peer/shares",
    {
      schema: { body: sharesBody, response: { 200: sharesAnswer, "4xx": errorBody } },
    },
    async (request): Promise<PeerSharesResponse> => {
      const { order, id } = identify(context, request.body);
      // Found out while the chain is read.
      const facts = authenticateExecutor(context, request, order.custodian);
      const job = await underSignature(facts, () => jobOf(order, request.body));
      const stop = context.metrics.releases.startTimer({ action: "share" });
      const ask: Ask = {
        action: "share",
        id,
        order,
        request: facts,
        jobMatches: job.matches,
        recordIds: request.body.recordIds,
        sharesNeeded: true,
      };
      const judged = await judge(context, ask);
      await assertPermitted(context, judged);
      const judgement = await confirm(context, ask, judged);
      const { sealingKey } = await context.directory.get(order.custodian);
      const release = await sealRelease(context, {
        id,
        recipientKey: sealingKey,
        judgement,
      });
      stop();
      return { ...release, evidence: await revocationsBehind(context, order, judgement) };
    },
  );

  app.post<{ Body: CosignRequest }>(
    "/v1/peer/cosign",
    {
      schema: { body: cosignBody, response: { 200: cosignAnswer, "4xx": errorBody } },
    },
    async (request): Promise<CosignResponse> => {
      const { order, id } = identify(context, request.body);
      const facts = await authenticateExecutor(context, request, order.custodian);
      const job = await underSignature(facts, async () => {
        const digest = order.kind === OrderKind.ModelUse ? await modelDigestOf(context, order) : undefined;
        return jobOf(order, request.body, digest);
      });
      const judgement = await judge(context, {
        action: "cosign",
        id,
        order,
        request: facts,
        jobMatches: job.matches,
      });
      await assertPermitted(context, judgement);
      const receipt = fromWire("Receipt", request.body.receipt);
      const sealedResult = fromBase64(request.body.sealedResult);
      const cohort = await checkCosigning(
        context,
        { id, order, receipt, job, request: request.body, sealedResult },
        judgement,
      );
      await context.results.put(sealedResult);
      reached("receipt.stored");
      const about = signedAbout(judgement.basis, cohort?.contributors);
      const signature = await signReceipt(context, receipt, about);
      return { gateway: context.index, signature, promise: await promiseFor(context, id, judgement) };
    },
  );

  app.post<{ Body: SignedRevocation }>(
    "/v1/peer/revocations",
    { schema: { body: signedRevocation, response: { 204: { type: "null" }, "4xx": errorBody } } },
    async (request, reply) => {
      await requirePeer(context, request);
      await receiveRevocation(context, request.body, { from: "gateway" });
      return reply.status(204).send();
    },
  );

  app.post<{ Body: CheckpointHandedIn }>(
    "/v1/peer/checkpoint",
    {
      schema: {
        body: object({ checkpoint: logPosition, signature }),
        response: { 200: object({ gateway: uint(16), signature }), "4xx": errorBody },
      },
    },
    async (request): Promise<GatewaySignature> => {
      const peer = await requirePeer(context, request);
      return { gateway: context.index, signature: await cosignCheckpoint(context, peer, request.body) };
    },
  );

  app.post<{ Body: SignedErasure }>(
    "/v1/peer/erasures",
    { schema: { body: signedErasure, response: { 200: signedErasureReceipt, "4xx": errorBody } } },
    async (request): Promise<SignedErasureReceipt> => {
      await requirePeer(context, request);
      return receiveErasure(context, request.body, { from: "gateway" });
    },
  );

  app.get<{ Querystring: { dataset: string; after?: string } }>(
    "/v1/peer/erasures",
    { schema: { querystring: erasuresQuery, response: { 200: erasuresPage, "4xx": errorBody } } },
    async (request): Promise<ErasuresPage> => {
      await requirePeer(context, request);
      return knownErasures(context.db, request.query);
    },
  );

  app.post<{ Body: PeerReportRequest }>(
    "/v1/peer/report",
    {
      schema: { body: object({ order: struct("Order") }), response: { 200: reportAnswer, "4xx": errorBody } },
    },
    async (request): Promise<PeerReportResponse> => {
      const { order, id } = identify(context, request.body);
      const peer = await requirePeer(context, request);
      if (peer.index !== order.custodian) throw refusalOf("GATEWAY_NOT_ENTITLED");
      return closeRelease(context, id);
    },
  );
}

function identify(context: Context, body: { order: PeerSharesRequest["order"] }): { order: Order; id: Hex } {
  const order = fromWire("Order", body.order);
  return { order, id: orderIdOf(context, order) };
}

/** Revocations that are why this gateway refused records: the executor may not have them yet. */
async function revocationsBehind(
  context: Context,
  order: Order,
  { refused, version }: Judgement,
): Promise<SignedRevocation[]> {
  const revoked = refused.filter(({ code }) => code === "GATEWAY_CONSENT_REVOKED");
  if (revoked.length === 0) return [];
  const local = await readLocalWord(context.db, order.asset);
  return revoked.flatMap(({ recordId }) => {
    const subject = version!.entries.get(recordId)!.leaf.subject.toLowerCase();
    return local.revoked.get(subject) ?? [];
  });
}
