import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Address } from "viem";
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
import { signAgainstCode } from "../consents/sign-hand-over.ts";
import { custodianOf, personOf } from "../consents/verify-word.ts";
import type { Context } from "../context.ts";
import { countSigner } from "../http/rate-limits.ts";
import { relayWord, submitOnce } from "../relay/relay-word.ts";
import { address, bytes32, errorBody, object, signature, struct, uint } from "../http/schemas.ts";

const REFUSED = "GATEWAY_HAND_OVER_REFUSED";

const relayed = { 200: object({ transaction: bytes32 }), "4xx": errorBody };

/** Taking over a provisional subject, and proxies; relayed for people without gas. */
export async function handOverRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: HandOverRequest }>(
    "/v1/consents/hand-overs",
    {
      schema: {
        body: object({ handOver: struct("HandOver"), codeKey: address, codeSignature: signature }),
        response: { 200: object({ transaction: bytes32, inForceFrom: uint(40) }), "4xx": errorBody },
      },
    },
    async (request): Promise<HandOverResponse> => handOver(context, request),
  );

  app.post<{ Body: ContestRequest }>(
    "/v1/consents/contests",
    {
      schema: {
        body: object({ contest: struct("Contest"), codeKey: address, signature }),
        response: relayed,
      },
    },
    async (request): Promise<RelayResponse> => {
      const { contest, codeKey, signature: signed } = request.body;
      const message = fromWire("Contest", contest);
      const word = {
        name: "Contest",
        message,
        signature: signed,
        signers: async () => [codeKey, ...(await custodiansKeys(context, message.dataset))],
        code: REFUSED,
      } as const;
      const transaction = await relayWord(context, request, word, (writer) =>
        submitContest(writer, { message, codeKey, signature: signed }),
      );
      await queueKeeping(context, { word: "contest", body: request.body, since: context.now() });
      return { transaction };
    },
  );

  // A proxy's revocation is denied on receipt, as every revocation: POST /v1/consents/revocations.
  for (const name of PROXY_WORDS) if (name !== "ProxyRevocation") proxyRoute(app, context, name);
}

/** Signs a hand-over as the dataset's custodian, against the code, and submits it. */
async function handOver(
  context: Context,
  request: FastifyRequest<{ Body: HandOverRequest }>,
): Promise<HandOverResponse> {
  const message = fromWire("HandOver", request.body.handOver);
  const { codeKey, codeSignature } = request.body;
  const custodianSignature = await signAgainstCode(context, message, codeKey, codeSignature);
  await countSigner(request, `${message.dataset}:${message.subject}`);
  const word = { name: "HandOver", message, code: REFUSED } as const;
  const transaction = await submitOnce(context, word, "ConsentRegistry_", (writer) =>
    submitHandOver(writer, { message, codeKey, codeSignature, custodianSignature }),
  );
  await queueKeeping(context, {
    word: "hand-over",
    body: request.body,
    custodianSignature,
    since: context.now(),
  });
  const { pending } = await readController(context.chain.reader, message);
  return { transaction, inForceFrom: pending?.inForceFrom ?? context.now() };
}

function proxyRoute(app: FastifyInstance, context: Context, name: ProxyWord): void {
  app.post<{ Body: ProxyRequest }>(
    `/v1/consents/proxies/${name}`,
    { schema: { body: object({ message: struct(name), signature }), response: relayed } },
    async (request): Promise<RelayResponse> => {
      const message = fromWire(name, request.body.message);
      const { signature: signed } = request.body;
      // A proxy speaks for itself; about a proxy the person speaks.
      const signers = async () =>
        name === "ProxyGrant" ? [message.proxy] : [await personOf(context, message)];
      const word = { name, message, signature: signed, signers, code: "GATEWAY_PROXY_REFUSED" } as const;
      const transaction = await relayWord(context, request, word, (writer) =>
        submitProxyWord(writer, name, { message, signature: signed }),
      );
      return { transaction };
    },
  );
}

/** The keys by which a dataset's custodian speaks. */
async function custodiansKeys(context: Context, dataset: bigint): Promise<Address[]> {
  const { operator, signer } = await custodianOf(context, dataset);
  return [operator, signer];
}
