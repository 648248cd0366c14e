import { hashTypedData, sha256, stringToBytes, type Hex } from "viem";
import { randomBytes, toHex } from "../crypto/index.ts";
import { SalusError } from "../errors.ts";
import { projectDigest } from "../orders/project-digest.ts";
import { sendForJson } from "./http.ts";
import {
  addressOf,
  freshness,
  type GatewayTarget,
  REQUEST_TYPES,
  requestDomain,
  type RequestSigner,
  signRequest,
} from "./requests.ts";
import type { ApplicationsPage, ApplicationText, SignedApplication } from "./types.ts";

/** The use of a dataset that an approval is asked for. It has to be the later order's, member by member. */
export type ApprovedUse = { dataset: bigint; uses: bigint; country: number; disease: Hex };

type ChainScope = Pick<GatewayTarget, "chainId" | "gatewayRegistry">;

/** Digest of what a developer wrote: SHA-256 of its JSON with the members in this order. */
export function applicationTextDigest({ project, salt, study, documents, until }: ApplicationText): Hex {
  return sha256(
    stringToBytes(JSON.stringify({ project, salt: salt.toLowerCase(), study, documents, until })),
  );
}

/** Whether the text beside an application is the one that was signed, and its project the one that an order would name. */
export function isOwnText({ application, text }: Pick<SignedApplication, "application" | "text">): boolean {
  const digests = [applicationTextDigest(text), projectDigest({ text: text.project, salt: text.salt })];
  const signed = [application.text, application.project];
  return digests.every((digest, i) => digest === signed[i]!.toLowerCase());
}

/** An application's id: its EIP-712 hash. */
export function applicationId(
  { chainId, gatewayRegistry }: ChainScope,
  { application }: Pick<SignedApplication, "application">,
): Hex {
  return hashTypedData({
    domain: requestDomain(chainId, gatewayRegistry),
    types: { Application: REQUEST_TYPES.Application },
    primaryType: "Application",
    message: applicationMessage(application),
  });
}

/** An application as it is signed. */
export function applicationMessage(application: SignedApplication["application"]) {
  return { ...application, dataset: BigInt(application.dataset), uses: BigInt(application.uses) };
}

/**
 * Signs an application for an approval, as the buyer who will order. One signature serves all gateways of the dataset. The
 * project's salt is made here; whoever reads the application can then check that an order is of this project.
 */
export async function signApplication(
  scope: ChainScope,
  {
    use,
    text: words,
    signer,
  }: { use: ApprovedUse; text: Omit<ApplicationText, "salt">; signer: RequestSigner },
): Promise<SignedApplication> {
  const text = { ...words, salt: toHex(randomBytes(32)) };
  const application = {
    applicant: addressOf(signer),
    dataset: use.dataset.toString(),
    uses: use.uses.toString(),
    country: use.country,
    disease: use.disease,
    project: projectDigest({ text: text.project, salt: text.salt }),
    text: applicationTextDigest(text),
    ...freshness(),
  };
  const message = applicationMessage(application);
  const signature = await signRequest({ ...scope, signer, primaryType: "Application", message });
  return { application, text, signature };
}

/**
 * Hands an application in at a gateway of its dataset. Doing it twice changes nothing.
 * @returns its id
 * @throws GATEWAY_NOT_ENTITLED, GATEWAY_APPLICATIONS_FULL, GATEWAY_REQUEST_STALE
 */
export async function submitApplication(gateway: GatewayTarget, signed: SignedApplication): Promise<Hex> {
  const { id } = await sendForJson<{ id: Hex }>(gateway, {
    method: "POST",
    path: "/v1/applications",
    json: signed,
  });
  return id;
}

/**
 * The applications that the signer may see at a gateway, latest first: their own, and for a listed committee all of them.
 * @param before `next` of the page before
 */
export async function getApplications(
  gateway: GatewayTarget,
  { signer, before }: { signer: RequestSigner; before?: string },
): Promise<ApplicationsPage> {
  const query = before === undefined ? "" : `?before=${before}`;
  const page = await sendForJson<ApplicationsPage>(gateway, {
    method: "GET",
    path: `/v1/applications${query}`,
    signer,
  });
  for (const view of page.applications) assertOwnText(gateway, view);
  return page;
}

/** A gateway that tells another text, or another id, than was signed is not believed. */
function assertOwnText(gateway: GatewayTarget, view: ApplicationsPage["applications"][number]): void {
  if (isOwnText(view) && applicationId(gateway, view) === view.id.toLowerCase()) return;
  throw new SalusError({
    code: "SDK_FILE_MALFORMED",
    message: `The gateway tells an application ${view.id} that is not what was signed.`,
    hint: "Ask another gateway of the dataset.",
  });
}
