/** An approval applied for, granted, used in an order and withdrawn; another refused: with three gateways as processes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { encodeFunctionData, keccak256, toHex, type Address, type Hex, type LocalAccount } from "viem";
import {
  attestationDigest,
  dataUseAuthorityAbi,
  DUO,
  encodeEvidence,
  judgeApplication,
  OrderKind,
  readRevokedAt,
  revokeAttestation,
  type Attestation,
  type Signed,
  type Terms,
} from "@salus/sdk";
import {
  applicationId,
  applicationMessage,
  approvalOf,
  approveApplication,
  collectApplications,
  getApplications,
  refuseApplication,
  REQUEST_LIFETIME,
  signApplication,
  signRequest,
  submitApplication,
  submitApproval,
  submitRefusal,
  type ApplicationView,
  type ApprovedUse,
  type GatewayTarget,
  type SignedApplication,
  type SignedApproval,
} from "@salus/sdk/gateway/index";
import { toWire } from "@salus/sdk/gateway/wire";
import { DEMO_COMMITTEE } from "@salus/sdk/local/committee";
import { LOCAL_MNEMONIC } from "@salus/sdk/local/personas";
import {
  COUNT,
  deliveryOf,
  endow,
  listPatients,
  placeOrder,
  TERMS,
  USES,
  ZERO,
} from "../support/gateway-market.ts";
import { startGatewayNetwork, type GatewayNetwork } from "../support/gateway-network.ts";

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the application tests")));
const stranger = privateKeyToAccount(keccak256(toHex("stranger of the application tests")));
const issuer = privateKeyToAccount(keccak256(toHex("another issuer of the application tests")));
const committee = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: DEMO_COMMITTEE.walletIndex });
const ASKING: Terms = { ...TERMS, duo: DUO.HMB | DUO.IRB };
const YEAR = 365 * 24 * 3600;
const soon = () => Math.floor(Date.now() / 1000) + YEAR;
const TEXT = {
  project: "Blood pressure after sixty",
  study: "We count who is treated, to plan a trial.",
  documents: ["bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"],
  until: soon(),
};

let network: GatewayNetwork;
let use: ApprovedUse;

beforeAll(async () => {
  network = await startGatewayNetwork(25_000);
  await endow(network, buyer);
  const { asset } = await listPatients(network, 12, { terms: ASKING });
  use = { dataset: asset, uses: USES, country: 40, disease: ZERO };
}, 180_000);

afterAll(() => network?.stop());

const gateway = (i: number) => network.gateways[i]!.target();
const signed = (project = TEXT.project, of: ApprovedUse = use) =>
  signApplication(gateway(0), { use: of, text: { ...TEXT, project }, signer: buyer });

/** What a gateway shows the committee of an application. */
async function seen(id: Hex, place = 0): Promise<ApplicationView> {
  const { applications } = await getApplications(gateway(place), { signer: committee });
  return applications.find((one) => one.id === id)!;
}

function approve(
  view: Pick<ApplicationView, "application">,
  issuer: LocalAccount = committee,
  expiry = soon(),
) {
  return approveApplication(network.deployment, view, { issuer, address: issuer.address, expiry });
}

/** An order of the very use that was applied for; `change` bends it. */
function order(view: ApplicationView, evidence: Hex, account = buyer) {
  return placeOrder(network, {
    buyer: account,
    asset: use.dataset,
    kind: OrderKind.Analysis,
    spec: COUNT,
    project: view.application.project,
    terms: ASKING,
    evidence: () => Promise.resolve(evidence),
  });
}

/** A vote's effect on an issuer: the timelock calls. */
async function listIssuer(issuer: Address, kinds: bigint): Promise<void> {
  const { TimelockController: from, DataUseAuthority: to } = network.deployment.contracts;
  const data = encodeFunctionData({
    abi: dataUseAuthorityAbi,
    functionName: "setIssuer",
    args: [issuer, kinds, 4_102_444_799],
  });
  await network.rpc("anvil_setBalance", [from, toHex(10n ** 18n)]);
  await network.rpc("anvil_impersonateAccount", [from]);
  const hash = (await network.rpc("eth_sendTransaction", [{ from, to, data }])) as Hex;
  await network.rpc("anvil_stopImpersonatingAccount", [from]);
  const { status } = await network.reader.publicClient.waitForTransactionReceipt({ hash });
  if (status !== "success") throw new Error("the issuer could not be set");
}

const now = () => Math.floor(Date.now() / 1000);
const judge = async (id: Hex) => (await judgeApplication(network.reader, await seen(id), now()))!.judged;

test(
  "an approval is applied for, granted, used in an order, and withdrawn",
  { timeout: 120_000 },
  async () => {
    const application = await signed();
    const id = await submitApplication(gateway(0), application);
    expect(id).toBe(applicationId(gateway(0), application));
    // The same again, and at another gateway of the dataset, is the same application.
    expect(await submitApplication(gateway(0), application)).toBe(id);
    expect(await submitApplication(gateway(1), application)).toBe(id);
    const { applications } = await getApplications(gateway(0), { signer: committee });
    expect(applications).toMatchObject([{ id, text: TEXT, decisions: [] }]);
    expect((await getApplications(gateway(0), { signer: buyer })).applications).toHaveLength(1);
    const [view] = applications as [ApplicationView];
    // Keccak-256 of salt and words, put together here by hand.
    const words = toHex(`Blood pressure after sixty`).slice(2);
    expect(view.application.project).toBe(keccak256(`${view.text.salt}${words}` as Hex));

    await expect(order(view, "0x")).rejects.toMatchObject({ code: "AccessEscrow_PurposeNotPermitted" });
    const approval = await approve(view);
    await submitApproval(gateway(0), { id, approval });
    await submitApproval(gateway(0), { id, approval });
    const [own] = (await getApplications(gateway(0), { signer: buyer })).applications;
    expect(own!.decisions).toHaveLength(1);
    const [decision] = own!.decisions;
    if (!decision || !("approval" in decision)) throw new Error("no approval came back");
    const found = approvalOf(decision.approval);
    expect(found.signature).toBe(approval.signature);
    expect(await judge(id)).toMatchObject([{ word: "approved", state: "good", withdrawnAt: 0 }]);

    const evidence = encodeEvidence({ attestations: [found] });
    await deliveryOf(await order(view, evidence));
    // It is nobody else's: not for another buyer, and not for another project of the same buyer.
    await endow(network, stranger);
    await expect(order(view, evidence, stranger)).rejects.toMatchObject({
      code: "DataUseAuthority_AttestationInvalid",
    });
    const other = { ...view, application: { ...view.application, project: ZERO } };
    await expect(order(other, evidence)).rejects.toMatchObject({
      code: "DataUseAuthority_AttestationInvalid",
    });

    const attestation = attestationDigest(network.deployment, found.message);
    await endow(network, committee);
    // A stranger's withdrawal is a withdrawal of nothing.
    await revokeAttestation(network.as(stranger), attestation);
    expect(await judge(id)).toMatchObject([{ state: "good" }]);
    await revokeAttestation(network.as(committee), attestation);
    expect(await readRevokedAt(network.reader, { issuer: committee.address, attestation })).toBeGreaterThan(
      0,
    );
    expect(await judge(id)).toMatchObject([{ state: "withdrawn", digest: attestation }]);
    await expect(order(view, evidence)).rejects.toMatchObject({
      code: "DataUseAuthority_AttestationRevoked",
    });
  },
);

test("a refusal comes back with its reason, and every word on an application stays", async () => {
  const id = await submitApplication(gateway(0), await signed("A second project"));
  const refusal = await refuseApplication(gateway(0), { id, reason: "No protocol.", issuer: committee });
  await submitRefusal(gateway(0), refusal);
  const { applications } = await getApplications(gateway(0), { signer: buyer });
  expect(applications[0]).toMatchObject({ id, decisions: [{ refusal }] });
  await submitApproval(gateway(0), { id, approval: await approve(applications[0]!) });
  expect(await judge(id)).toMatchObject([
    { word: "refused", reason: "No protocol." },
    { word: "approved", state: "good" },
  ]);
});

test("a stranger and another applicant see nothing of it and say nothing in another's name", async () => {
  const application = await signed("A third project");
  const id = await submitApplication(gateway(0), application);
  expect((await getApplications(gateway(0), { signer: stranger })).applications).toEqual([]);
  // Another applicant's own application does not open the first one's to them.
  const own = await signApplication(gateway(0), { use, text: TEXT, signer: stranger });
  const ownId = await submitApplication(gateway(0), own);
  const { applications } = await getApplications(gateway(0), { signer: stranger });
  expect(applications.map((one) => one.id)).toEqual([ownId]);
  for (const forged of [
    // handed in as somebody else's
    { ...application, application: { ...application.application, applicant: stranger.address } },
    { ...own, application: { ...own.application, applicant: buyer.address } },
    // another text, another project, another end than was signed
    { ...application, text: { ...application.text, study: "Another study." } },
    { ...application, text: { ...application.text, project: "Another project" } },
    { ...application, text: { ...application.text, until: application.text.until + 1 } },
    { ...application, application: { ...application.application, uses: (USES + 1n).toString() } },
  ]) {
    // What is known is told as known and stays as it is; what is not known must be signed.
    const known = applicationId(gateway(1), forged) === id;
    if (known) await submitApplication(gateway(0), forged);
    await expect(submitApplication(gateway(1), forged)).rejects.toMatchObject({
      code: "GATEWAY_SIGNATURE_INVALID",
    });
  }
  expect((await seen(id)).text).toEqual(application.text);
  const byStranger = await refuseApplication(gateway(0), { id, reason: "No.", issuer: stranger });
  await expect(submitRefusal(gateway(0), byStranger)).rejects.toMatchObject({ code: "GATEWAY_NOT_ENTITLED" });
  const inTheirName = { ...byStranger, refusal: { ...byStranger.refusal, issuer: committee.address } };
  await expect(submitRefusal(gateway(0), inTheirName)).rejects.toMatchObject({
    code: "GATEWAY_SIGNATURE_INVALID",
  });
  await refuses(await seen(id), [
    await approve(application, stranger),
    await approve(changed(application, { applicant: stranger.address })),
    await approve(changed(application, { uses: (USES + 1n).toString() })),
    await approve(changed(application, { project: ZERO })),
    { ...(await approve(application)), signature: (await approve(application, stranger)).signature },
  ]);
});

const changed = ({ application }: SignedApplication, change: object) => ({
  application: { ...application, ...change },
});

async function refuses({ id }: ApplicationView, approvals: Signed<Attestation>[]): Promise<void> {
  for (const approval of approvals) {
    await expect(submitApproval(gateway(0), { id, approval })).rejects.toMatchObject({
      code: "GATEWAY_APPROVAL_INVALID",
    });
  }
}

test("a word serves once, for one application, and only while it is fresh", async () => {
  const [first, second] = [await signed("A fourth project"), await signed("A fifth project")];
  const firstId = await submitApplication(gateway(1), first);
  const secondId = await submitApplication(gateway(1), second);
  const approval = await approve(first);
  await expect(submitApproval(gateway(1), { id: secondId, approval })).rejects.toMatchObject({
    code: "GATEWAY_APPROVAL_INVALID",
  });
  const refusal = await refuseApplication(gateway(1), { id: firstId, reason: "No.", issuer: committee });
  const elsewhere = await fetch(`${gateway(1).url}/v1/applications/${secondId}/refusals`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(refusal),
  });
  expect(await elsewhere.json()).toMatchObject({ code: "GATEWAY_SIGNATURE_INVALID" });
  await submitRefusal(gateway(1), refusal);
  await submitRefusal(gateway(1), refusal);
  expect((await seen(firstId, 1)).decisions).toHaveLength(1);

  const issuedAt = now() - 2 * REQUEST_LIFETIME;
  const old = { ...first.application, issuedAt };
  const parts = { signer: buyer, primaryType: "Application" } as const;
  const signature = await signRequest({ ...gateway(1), ...parts, message: applicationMessage(old) });
  await expect(
    submitApplication(gateway(1), { ...first, application: old, signature }),
  ).rejects.toMatchObject({ code: "GATEWAY_REQUEST_STALE" });
  const late = { ...refusal.refusal, issuedAt };
  const lateSigned = await signRequest({
    ...gateway(1),
    signer: committee,
    primaryType: "Refusal",
    message: late,
  });
  await expect(submitRefusal(gateway(1), { refusal: late, signature: lateSigned })).rejects.toMatchObject({
    code: "GATEWAY_REQUEST_STALE",
  });

  // The committee's question, caught on its way and asked again, is not answered.
  const caught: [URL, RequestInit][] = [];
  const spy = {
    ...gateway(1),
    fetch: (url: URL, init: RequestInit) => (caught.push([url, init]), fetch(url, init)),
  };
  await getApplications(spy as GatewayTarget, { signer: committee });
  const again = await fetch(...caught[0]!);
  expect(await again.json()).toMatchObject({ code: "GATEWAY_REQUEST_REPLAYED" });

  await expect(submitApproval(gateway(1), { id: keccak256("0x03"), approval })).rejects.toMatchObject({
    code: "GATEWAY_APPLICATION_UNKNOWN",
  });
  const other = await signed(TEXT.project, { ...use, dataset: use.dataset + 1n });
  await expect(submitApplication(gateway(1), other)).rejects.toMatchObject({ code: "GATEWAY_NOT_ENTITLED" });
});

test("an issuer whose listing was withdrawn sees nothing and decides nothing, and their approvals count no more", async () => {
  const id = await submitApplication(gateway(0), await signed("A sixth project"));
  const view = await seen(id);
  await endow(network, issuer);
  await listIssuer(issuer.address, DUO.IRB);
  const { applications } = await getApplications(gateway(0), { signer: issuer });
  expect(applications.map((one) => one.id)).toContain(id);
  const approval = await approve(view, issuer);
  await submitApproval(gateway(0), { id, approval });
  expect(await judge(id)).toMatchObject([{ state: "good", issuer: issuer.address.toLowerCase() }]);

  await listIssuer(issuer.address, 0n);
  expect((await getApplications(gateway(0), { signer: issuer })).applications).toEqual([]);
  await refuses(view, [await approve(view, issuer)]);
  const refusal = await refuseApplication(gateway(0), { id, reason: "No.", issuer });
  await expect(submitRefusal(gateway(0), refusal)).rejects.toMatchObject({ code: "GATEWAY_NOT_ENTITLED" });
  expect(await judge(id)).toMatchObject([{ state: "unlisted" }]);
  await expect(order(view, encodeEvidence({ attestations: [approval] }))).rejects.toMatchObject({
    code: "DataUseAuthority_IssuerNotListed",
  });
});

test("what one gateway hides or makes up, the others tell, and the chain decides", async () => {
  const application = await signed("A seventh project");
  const id = await submitApplication(gateway(0), application);
  await submitApplication(gateway(1), application);
  const approval = await approve(application);
  await submitApproval(gateway(1), { id, approval });
  // Gateway 1 never heard of the approval, 2 tells another text than was signed, 3 does not answer.
  const lies = async (...request: Parameters<typeof fetch>) => {
    const page = await (await fetch(...request)).json();
    page.applications[0].text.project = "Something else";
    return new Response(JSON.stringify(page), { headers: { "content-type": "application/json" } });
  };
  const away = () => Promise.reject(new Error("away"));
  const honest = await collectApplications([gateway(0), gateway(1)], { signer: committee });
  expect(honest.silent).toEqual([]);
  expect(honest.applications.find((one) => one.id === id)!.decisions).toHaveLength(1);
  const told = await collectApplications(
    [gateway(0), { ...gateway(1), fetch: lies }, { ...gateway(2), fetch: away }],
    { signer: committee },
  );
  expect(told.applications.find((one) => one.id === id)!.decisions).toEqual([]);
  expect(told.silent).toEqual([
    { gateway: 2, code: "SDK_FILE_MALFORMED" },
    { gateway: 3, code: expect.any(String) },
  ]);
  await expect(
    collectApplications([{ ...gateway(2), fetch: away }], { signer: committee }),
  ).rejects.toBeInstanceOf(Error);

  // A made-up application, a made-up refusal and an approval of another use are nobody's words.
  const view = honest.applications.find((one) => one.id === id)!;
  expect(await judgeApplication(network.reader, { ...view, signature: approval.signature }, now())).toBe(
    undefined,
  );
  const refusal = await refuseApplication(gateway(0), { id, reason: "No.", issuer: stranger });
  const forged = { ...refusal, refusal: { ...refusal.refusal, issuer: committee.address } };
  const elsewhere = await approve(changed(application, { project: ZERO }));
  const words = [
    { issuer: committee.address, decidedAt: 1, refusal: forged },
    { issuer: committee.address, decidedAt: 2, approval: wire(elsewhere) },
    { issuer: committee.address, decidedAt: 3, approval: wire(approval) },
  ];
  const judged = await judgeApplication(network.reader, { ...view, decisions: words }, now());
  expect(judged!.judged).toMatchObject([{ word: "approved", at: 3, state: "good" }]);
  const later = await judgeApplication(network.reader, { ...view, decisions: words }, now() + 2 * YEAR);
  expect(later!.judged).toMatchObject([{ state: "expired" }]);
});

const wire = ({ message, signature }: Signed<Attestation>): SignedApproval => ({
  attestation: toWire("Attestation", message),
  signature,
});

test("five applications of one buyer wait for a dataset, not more", async () => {
  const submit = async (project: string) => submitApplication(gateway(2), await signed(project));
  for (let i = 0; i < 5; i += 1) await submit(`Project ${i}`);
  await expect(submit("One more")).rejects.toMatchObject({ code: "GATEWAY_APPLICATIONS_FULL" });
  // Another buyer still finds room, and one that was decided on makes room.
  await submitApplication(
    gateway(2),
    await signApplication(gateway(2), { use, text: TEXT, signer: stranger }),
  );
  const [last] = (await getApplications(gateway(2), { signer: buyer })).applications;
  await submitRefusal(
    gateway(2),
    await refuseApplication(gateway(2), { id: last!.id, reason: "No.", issuer: committee }),
  );
  await submit("One more");
});
