import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Address } from "viem";
import { readSlots } from "@salus/sdk/consent/read-slots";
import { submitGrant } from "@salus/sdk/consent/submit-grant";
import { submitTwoPersonGrant } from "@salus/sdk/consent/submit-two-person";
import type {
  GrantResponse,
  RevocationResponse,
  SignedGrant,
  SignedRevocation,
} from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { isInDoubt } from "../chain/view.ts";
import { isSubjectKnown } from "../consents/known-subject.ts";
import { receiveRevocation } from "../consents/receive-revocation.ts";
import { personOf } from "../consents/verify-word.ts";
import type { Context } from "../context.ts";
import { countStranger } from "../http/rate-limits.ts";
import {
  bytes32,
  errorBody,
  logPosition,
  object,
  signature,
  signedRevocation,
  struct,
  text,
} from "../http/schemas.ts";
import { readPosition } from "../log/read-position.ts";
import { relayWord } from "../relay/relay-word.ts";

/** Consents, relayed for people without gas. */
export async function consentRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: SignedRevocation }>(
    "/v1/consents/revocations",
    {
      schema: {
        body: signedRevocation,
        response: { 200: object({ status: text(20), log: logPosition }), "4xx": errorBody },
      },
    },
    async (request): Promise<RevocationResponse> => {
      const { body } = request;
      if (!(await isKnown(context, body))) await countStranger(request);
      await receiveRevocation(context, body);
      const log = await readPosition(context.db, context.index);
      return { status: (await isOnChain(context, body)) ? "on chain" : "effective", log };
    },
  );

  app.post<{ Body: SignedGrant }>(
    "/v1/consents/grants",
    {
      schema: {
        body: object({ grant: struct("Grant"), signature }, { custodianSignature: signature }),
        response: { 200: object({ transaction: bytes32 }), "4xx": errorBody },
      },
    },
    async (request): Promise<GrantResponse> => relayGrant(context, request),
  );
}

function isKnown(context: Context, { revocation }: SignedRevocation): Promise<boolean> {
  const { dataset, subject } = fromWire("Revocation", revocation);
  return isSubjectKnown(context, dataset, subject.toLowerCase() as Address);
}

/** Whether the head has it; told to the person only, so that a chain in doubt takes nothing from the answer. */
async function isOnChain({ chain }: Context, { revocation }: SignedRevocation): Promise<boolean> {
  const { dataset, subject, maxNonce } = fromWire("Revocation", revocation);
  try {
    const [slot] = await chain.readEach((reader) => readSlots(reader, { dataset, subjects: [subject] }));
    return slot![0]!.nonce > maxNonce;
  } catch (error) {
    if (isInDoubt(error)) return false;
    throw error;
  }
}

/** Submits a grant, by the person alone or by person and custodian. */
async function relayGrant(
  context: Context,
  request: FastifyRequest<{ Body: SignedGrant }>,
): Promise<GrantResponse> {
  const message = fromWire("Grant", request.body.grant);
  const { signature, custodianSignature } = request.body;
  const signers = async () => [await personOf(context, message)];
  const word = { name: "Grant", message, signature, signers, code: "GATEWAY_GRANT_REFUSED" } as const;
  const transaction = await relayWord(context, request, word, (writer) =>
    custodianSignature
      ? submitTwoPersonGrant(writer, { message, signature, custodianSignature })
      : submitGrant(writer, { message, signature }),
  );
  return { transaction };
}
