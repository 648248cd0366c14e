import { hashTypedData, type Address, type Hex } from "viem";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import { typedData } from "@salus/sdk/chain/typed-data";
import { isForUse } from "@salus/sdk/data-use/judge-application";
import { readIssuer } from "@salus/sdk/data-use/read-issuer";
import { REQUEST_TYPES, requestDomain } from "@salus/sdk/gateway/requests";
import type { SignedApplication, SignedApproval, SignedRefusal } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { isFresh } from "../auth/nonces.ts";
import { assertRequest } from "../auth/authenticate.ts";
import { verifyRequest, verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { refusalOf } from "../orders/judge.ts";

/** Kinds of attestations that an account may issue now, as bits; none once its listing has ended. */
export async function issuedKinds(context: Context, issuer: Address): Promise<bigint> {
  const { kinds, until } = await context.chain.read((salus) => readIssuer(salus, issuer));
  return until >= context.now() ? kinds : 0n;
}

/**
 * Keeps a committee's approval with the application that it answers.
 * @throws GATEWAY_APPLICATION_UNKNOWN, GATEWAY_APPROVAL_INVALID
 */
export async function receiveApproval(context: Context, id: Hex, approval: SignedApproval): Promise<void> {
  const { application } = await find(context, id);
  const attestation = fromWire("Attestation", approval.attestation);
  const { deployment } = context.chain.reader;
  const answers = isForUse(attestation, { application });
  const listed = ((await issuedKinds(context, attestation.issuer)) >> BigInt(attestation.kind)) & 1n;
  const typed = typedData(deployment, "Attestation", attestation);
  const signed = await verifySignature(context.chain, attestation.issuer, typed, approval.signature);
  if (!answers || !listed || !signed) {
    const fault = !answers
      ? "is for another use"
      : !listed
        ? "is of nobody who is listed for it"
        : "is not signed";
    throw new GatewayError("GATEWAY_APPROVAL_INVALID", `The approval of ${id} ${fault}.`);
  }
  const digest = hashStruct(deployment, "Attestation", attestation);
  await keep(context, { application: id, issuer: attestation.issuer, digest, decision: { approval } });
}

/**
 * Keeps a committee's refusal, with its reason.
 * @throws GATEWAY_APPLICATION_UNKNOWN, GATEWAY_SIGNATURE_INVALID, GATEWAY_REQUEST_STALE, GATEWAY_NOT_ENTITLED
 */
export async function receiveRefusal(context: Context, id: Hex, signed: SignedRefusal): Promise<void> {
  const { refusal, signature } = signed;
  await find(context, id);
  const parameters = { primaryType: "Refusal", message: refusal, signer: refusal.issuer, signature } as const;
  const named = refusal.application.toLowerCase() === id.toLowerCase();
  const signatureValid = named && (await verifyRequest(context.chain, parameters));
  assertRequest({ signatureValid, fresh: isFresh(refusal.issuedAt, context.now()), replayed: false });
  if ((await issuedKinds(context, refusal.issuer)) === 0n) throw refusalOf("GATEWAY_NOT_ENTITLED");
  const { chainId, contracts } = context.chain.reader.deployment;
  const digest = hashTypedData({
    domain: requestDomain(chainId, contracts.GatewayRegistry),
    types: { Refusal: REQUEST_TYPES.Refusal },
    primaryType: "Refusal",
    message: refusal,
  });
  await keep(context, { application: id, issuer: refusal.issuer, digest, decision: { refusal: signed } });
}

async function find({ db }: Context, id: Hex): Promise<SignedApplication> {
  const row = await db
    .selectFrom("applications")
    .select("signed")
    .where("id", "=", id.toLowerCase() as Hex)
    .executeTakeFirst();
  if (!row) throw new GatewayError("GATEWAY_APPLICATION_UNKNOWN", `No application ${id} is known here.`);
  return row.signed;
}

type Decision = { approval: SignedApproval } | { refusal: SignedRefusal };

async function keep(
  { db, now }: Context,
  given: { application: Hex; issuer: Address; digest: Hex; decision: Decision },
): Promise<void> {
  const application = given.application.toLowerCase() as Hex;
  const issuer = given.issuer.toLowerCase() as Address;
  const decision = JSON.stringify(given.decision);
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto("application_decisions")
      .values({ application, issuer, digest: given.digest, decision, decided_at: now() })
      .onConflict((conflict) => conflict.column("digest").doNothing())
      .execute();
    await tx.updateTable("applications").set({ decided: true }).where("id", "=", application).execute();
  });
}
