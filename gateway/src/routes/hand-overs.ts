import type { FastifyInstance } from "fastify";
import { PROXY_WORDS, submitProxyWord, type ProxyWord } from "@salus/sdk/consent/proxies";
import { readController } from "@salus/sdk/consent/read-controller";
import { submitContest, submitHandOver } from "@salus/sdk/consent/submit-hand-over";
import type {
  ContestRequest,
  HandOverRequest,
  HandOverResponse,
  ProxyRequest,
  RelayResponse,
} from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { queueKeeping } from "../consents/keep-hand-over.ts";
import { relay } from "../consents/relay.ts";
import { signAgainstCode } from "../consents/sign-hand-over.ts";
import type { Context } from "../context.ts";
import { address, bytes32, errorBody, object, signature, struct, uint } from "../http/schemas.ts";

const config = { rateLimit: { max: 60 } };
const relayed = { 200: object({ transaction: bytes32 }), "4xx": errorBody };

/** Taking over a provisional subject, and proxies; relayed for people without gas. */
export async function handOverRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: HandOverRequest }>(
    "/v1/consents/hand-overs",
    {
      config,
      schema: {
        body: object({ handOver: struct("HandOver"), codeKey: address, codeSignature: signature }),
        response: { 200: object({ transaction: bytes32, inForceFrom: uint(40) }), "4xx": errorBody },
      },
    },
    async ({ body }): Promise<HandOverResponse> => handOver(context, body),
  );

  app.post<{ Body: ContestRequest }>(
    "/v1/consents/contests",
    {
      config,
      schema: {
        body: object({ contest: struct("Contest"), codeKey: address, signature }),
        response: relayed,
      },
    },
    async ({ body }): Promise<RelayResponse> => {
      const message = fromWire("Contest", body.contest);
      const { codeKey, signature: signed } = body;
      const transaction = await relay(context, message, "GATEWAY_HAND_OVER_REFUSED", (writer) =>
        submitContest(writer, { message, codeKey, signature: signed }),
      );
      await queueKeeping(context, { word: "contest", body, since: context.now() });
      return { transaction };
    },
  );

  // A proxy's revocation is denied on receipt, as every revocation: POST /v1/consents/revocations.
  for (const word of PROXY_WORDS) if (word !== "ProxyRevocation") proxyRoute(app, context, word);
}

/** Signs a hand-over as the dataset's custodian, against the code, and submits it. */
async function handOver(context: Context, body: HandOverRequest): Promise<HandOverResponse> {
  const message = fromWire("HandOver", body.handOver);
  const { codeKey, codeSignature } = body;
  const custodianSignature = await signAgainstCode(context, message, codeKey, codeSignature);
  const transaction = await relay(context, message, "GATEWAY_HAND_OVER_REFUSED", (writer) =>
    submitHandOver(writer, { message, codeKey, codeSignature, custodianSignature }),
  );
  await queueKeeping(context, { word: "hand-over", body, custodianSignature, since: context.now() });
  const { pending } = await readController(context.chain.reader, message);
  return { transaction, inForceFrom: pending?.inForceFrom ?? context.now() };
}

function proxyRoute(app: FastifyInstance, context: Context, word: ProxyWord): void {
  app.post<{ Body: ProxyRequest }>(
    `/v1/consents/proxies/${word}`,
    { config, schema: { body: object({ message: struct(word), signature }), response: relayed } },
    async ({ body }): Promise<RelayResponse> => {
      const message = fromWire(word, body.message);
      const transaction = await relay(context, message, "GATEWAY_PROXY_REFUSED", (writer) =>
        submitProxyWord(writer, word, { message, signature: body.signature }),
      );
      return { transaction };
    },
  );
}
