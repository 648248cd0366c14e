/*
 * Applications for the second dataset of the small world, signed as the real ones are: one that waits, one approved, one
 * refused, one whose approval was withdrawn. Their ids are the same in every run.
 */
import { parseDeployment } from "@salus/sdk/chain/deployment";
import { attestationDigest } from "@salus/sdk/data-use/attestation";
import { applicationId, applicationMessage, applicationTextDigest } from "@salus/sdk/gateway/applications";
import { approveApplication } from "@salus/sdk/gateway/decide-application";
import { AUTHORIZATION_SCHEME, decodeHeader, signRequest } from "@salus/sdk/gateway/requests";
import type { ApplicationsPage, ApplicationView, SignedApplication } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import { DUO } from "@salus/sdk/generated/constants";
import { DEMO_COMMITTEE } from "@salus/sdk/local/committee";
import { LOCAL_MNEMONIC } from "@salus/sdk/local/personas";
import { projectDigest } from "@salus/sdk/orders/project-digest";
import { mnemonicToAccount } from "viem/accounts";
import { ASKING, CHAIN_ID, CONTRACTS, NOW } from "./world.ts";

type Hex = `0x${string}`;
const fixed = (digits: string): Hex => `0x${digits.padStart(64, "0")}`;
const scope = { chainId: CHAIN_ID, gatewayRegistry: CONTRACTS["GatewayRegistry"]! };
const deployment = parseDeployment({ chainId: CHAIN_ID, startBlock: 0, contracts: CONTRACTS });
const researcher = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: 10 });
const committee = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: DEMO_COMMITTEE.walletIndex });
/** September 2026. */
const ASKED_AT = 1_789_000_000;
/** 18 May 2033. */
const UNTIL = 2_000_000_000;

async function applied(place: number, project: string): Promise<SignedApplication> {
  const text = {
    project,
    salt: fixed(`a${place}`),
    study: "We count how many people there are, to see whether a trial is possible.\n\nNobody is contacted.",
    documents: [],
    until: UNTIL,
  };
  const application = {
    applicant: researcher.address,
    dataset: BigInt(ASKING).toString(),
    uses: DUO.USE_HEALTH.toString(),
    country: 276,
    disease: fixed("0"),
    project: projectDigest({ text: project, salt: text.salt }),
    text: applicationTextDigest(text),
    issuedAt: ASKED_AT + place * 86_400,
    nonce: fixed(`b${place}`),
  };
  const message = applicationMessage(application);
  const signature = await signRequest({ ...scope, signer: researcher, primaryType: "Application", message });
  return { application, text, signature };
}

async function approved(signed: SignedApplication) {
  const about = { issuer: committee, address: committee.address, expiry: NOW + 10_000_000 };
  const { message, signature } = await approveApplication(deployment, signed, about);
  const decision = {
    issuer: committee.address,
    decidedAt: NOW - 1_000,
    approval: { attestation: toWire("Attestation", message), signature },
  };
  return { decision, digest: attestationDigest(deployment, message) };
}

async function refused(signed: SignedApplication, reason: string) {
  const application = applicationId(scope, signed);
  const refusal = {
    application,
    issuer: committee.address,
    reason,
    issuedAt: NOW - 2_000,
    nonce: fixed("c1"),
  };
  const signature = await signRequest({
    ...scope,
    signer: committee,
    primaryType: "Refusal",
    message: refusal,
  });
  return { issuer: committee.address, decidedAt: NOW - 2_000, refusal: { refusal, signature } };
}

const viewOf = (signed: SignedApplication, decisions: ApplicationView["decisions"]): ApplicationView => ({
  ...signed,
  id: applicationId(scope, signed),
  receivedAt: signed.application.issuedAt,
  decisions,
});

const [waiting, granted, declined, ended] = [
  await applied(1, "How many people have kidney disease"),
  await applied(2, "Blood pressure before dialysis"),
  await applied(3, "Everything about everyone"),
  await applied(4, "Blood counts over ten years"),
];
const [good, taken] = [await approved(granted), await approved(ended)];
const views = [
  viewOf(ended, [taken.decision]),
  viewOf(declined, [await refused(declined, "Say which question you want to answer.\nThen apply again.")]),
  viewOf(granted, [good.decision]),
  viewOf(waiting, []),
];

export const WAITING = applicationId(scope, waiting);
export const APPROVED = applicationId(scope, granted);

/** What a gateway tells whoever asks; the second one tells another text than was signed. */
export function applicationsFor(keeper: number, authorization: string | undefined): ApplicationsPage {
  const [scheme, value = ""] = (authorization ?? "").split(" ");
  const signer =
    scheme === AUTHORIZATION_SCHEME ? (decodeHeader(value) as { signer?: string }).signer : undefined;
  const known = [researcher.address, committee.address].some(
    (account) => account.toLowerCase() === signer?.toLowerCase(),
  );
  if (!known) return { applications: [] };
  if (keeper !== 2) return { applications: views };
  return {
    applications: views.map((view) => ({ ...view, text: { ...view.text, project: "Something else" } })),
  };
}

/** Views of `DataUseAuthority` in the small world. */
export const AUTHORITY_VIEWS = {
  issuerOf: ([issuer]: readonly unknown[]) =>
    String(issuer).toLowerCase() === committee.address.toLowerCase()
      ? { kinds: DUO.ATTESTED, until: NOW + 20_000_000 }
      : { kinds: 0n, until: 0 },
  revokedAt: ([, digest]: readonly unknown[]) => (digest === taken.digest ? NOW - 500 : 0),
};
