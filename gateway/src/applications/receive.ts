import type { Address, Hex } from "viem";
import { applicationId, applicationMessage, isOwnText } from "@salus/sdk/gateway/applications";
import type { SignedApplication } from "@salus/sdk/gateway/types";
import { isFresh } from "../auth/nonces.ts";
import { assertRequest } from "../auth/authenticate.ts";
import { verifyRequest } from "../auth/verify.ts";
import { assetAt, gatewaySetOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { refusalOf } from "../orders/judge.ts";

/** Applications of one buyer for one dataset, and of all for one dataset, that may wait for a decision. */
const MOST_OF_ONE = 5;
const MOST_OF_ALL = 1_000;

/**
 * Takes an application for a dataset of this gateway's; one that is known is taken again without effect.
 * @returns its id
 * @throws GATEWAY_SIGNATURE_INVALID, GATEWAY_REQUEST_STALE, GATEWAY_NOT_ENTITLED, GATEWAY_APPLICATIONS_FULL
 */
export async function receiveApplication(context: Context, signed: SignedApplication): Promise<Hex> {
  const { application, signature } = signed;
  const { chain, db } = context;
  const { chainId, contracts } = chain.reader.deployment;
  const id = applicationId({ chainId, gatewayRegistry: contracts.GatewayRegistry }, signed);
  const known = await db.selectFrom("applications").select("id").where("id", "=", id).executeTakeFirst();
  if (known) return id;
  const parameters = {
    primaryType: "Application",
    message: applicationMessage(application),
    signer: application.applicant,
    signature,
  } as const;
  const signatureValid = isOwnText(signed) && (await verifyRequest(chain, parameters));
  assertRequest({ signatureValid, fresh: isFresh(application.issuedAt, context.now()), replayed: false });
  await assertOwnDataset(context, BigInt(application.dataset));
  const applicant = application.applicant.toLowerCase() as Address;
  await assertRoom(context, application.dataset, applicant);
  const row = { id, dataset: application.dataset, applicant, signed: JSON.stringify(signed) };
  await db
    .insertInto("applications")
    .values({ ...row, received_at: context.now() })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  return id;
}

/** Only the gateways of a dataset's set keep what is said about it. */
async function assertOwnDataset({ chain, index }: Context, dataset: bigint): Promise<void> {
  const { head } = await chain.snapshot();
  const { cfg } = await assetAt(chain, dataset, 1, head.hash);
  const { members } = await gatewaySetOf(chain, cfg.gatewaySet);
  if (!members.includes(index)) throw refusalOf("GATEWAY_NOT_ENTITLED");
}

async function assertRoom({ db }: Context, dataset: string, applicant: Address): Promise<void> {
  const waiting = await db
    .selectFrom("applications")
    .select((eb) => [
      eb.fn.countAll<string>().as("all"),
      eb.fn.countAll<string>().filterWhere("applicant", "=", applicant).as("own"),
    ])
    .where("dataset", "=", dataset)
    .where("decided", "=", false)
    .executeTakeFirstOrThrow();
  if (Number(waiting.own) < MOST_OF_ONE && Number(waiting.all) < MOST_OF_ALL) return;
  throw new GatewayError(
    "GATEWAY_APPLICATIONS_FULL",
    `There are ${waiting.own} of your applications, ${waiting.all} in all, waiting for this dataset.`,
  );
}
