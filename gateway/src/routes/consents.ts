import type { FastifyInstance } from "fastify";
import type { Address } from "viem";
import { typedData } from "@salus/sdk/chain/typed-data";
import { readSlots } from "@salus/sdk/consent/read-slots";
import { submitGrant } from "@salus/sdk/consent/submit-grant";
import { isSalusError } from "@salus/sdk/errors";
import type {
  GrantResponse,
  RevocationResponse,
  SignedGrant,
  SignedRevocation,
} from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { verifySignature } from "../auth/verify.ts";
import { isSubjectKnown } from "../consents/known-subject.ts";
import { receiveRevocation } from "../consents/receive-revocation.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
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
    async ({ body }): Promise<RevocationResponse> => {
      await receiveRevocation(context, body);
      const log = await readPosition(context.db, context.index);
      const { dataset, subject, maxNonce } = fromWire("Revocation", body.revocation);
      const [slot] = await readSlots(context.chain.reader, { dataset, subjects: [subject] });
      return { status: slot!.nonce > maxNonce ? "on chain" : "effective", log };
    },
  );

  app.post<{ Body: SignedGrant }>(
    "/v1/consents/grants",
    {
      schema: {
        body: object({ grant: struct("Grant"), signature }),
        response: { 200: object({ transaction: bytes32 }), "4xx": errorBody },
      },
      config: { rateLimit: { max: 60 } },
    },
    async ({ body }): Promise<GrantResponse> => relayGrant(context, body),
  );
}

/** Submits a grant at the operator's cost, for subjects of datasets that this gateway serves. */
async function relayGrant(context: Context, signed: SignedGrant): Promise<GrantResponse> {
  const message = fromWire("Grant", signed.grant);
  const typed = typedData(context.deployment, "Grant", message);
  if (!(await verifySignature(context.chain, message.subject, typed, signed.signature))) {
    throw new GatewayError("GATEWAY_GRANT_REFUSED", "The signature is not the subject's over this grant.");
  }
  if (!(await isSubjectKnown(context, message.dataset, message.subject.toLowerCase() as Address))) {
    throw new GatewayError(
      "GATEWAY_GRANT_REFUSED",
      "This gateway holds no record of the subject in this dataset.",
      {
        hint: "Send the grant to a gateway of the dataset's gateway set, or submit it on chain yourself.",
      },
    );
  }
  try {
    const { transactionHash } = await context.sender((writer) =>
      submitGrant(writer, { message, signature: signed.signature }),
    );
    return { transaction: transactionHash };
  } catch (error) {
    if (!isSalusError(error) || !error.code.startsWith("ConsentRegistry_")) throw error;
    throw new GatewayError("GATEWAY_GRANT_REFUSED", error.message, { hint: error.hint, cause: error });
  }
}
