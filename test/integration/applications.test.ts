/** An approval applied for, granted, used in an order and withdrawn; another refused: with three gateways as processes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { keccak256, toHex, type Hex } from "viem";
import {
  attestationDigest,
  DUO,
  encodeEvidence,
  OrderKind,
  readRevokedAt,
  revokeAttestation,
  type Terms,
} from "@salus/sdk";
import {
  applicationId,
  approvalOf,
  approveApplication,
  getApplications,
  refuseApplication,
  signApplication,
  submitApplication,
  submitApproval,
  submitRefusal,
  type ApprovedUse,
} from "@salus/sdk/gateway/index";
import { DEMO_COMMITTEE } from "@salus/sdk/local/diseases";
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
const committee = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: DEMO_COMMITTEE.walletIndex });
const ASKING: Terms = { ...TERMS, duo: DUO.HMB | DUO.IRB };
const TEXT = {
  title: "Blood pressure after sixty",
  purpose: "We count who is treated, to plan a trial.",
  documents: ["bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"],
};
const YEAR = 365 * 24 * 3600;

let network: GatewayNetwork;
let use: ApprovedUse;

beforeAll(async () => {
  network = await startGatewayNetwork(24_400);
  await endow(network, buyer);
  const { asset } = await listPatients(network, 12, { terms: ASKING });
  use = { dataset: asset, uses: USES, country: 40, disease: ZERO, project: ZERO };
}, 180_000);

afterAll(() => network?.stop());

const gateway = (i: number) => network.gateways[i]!.target();
const signed = (of: ApprovedUse = use) => signApplication(gateway(0), { use: of, text: TEXT, signer: buyer });

function order(evidence: Hex) {
  return placeOrder(network, {
    buyer,
    asset: use.dataset,
    kind: OrderKind.Analysis,
    spec: COUNT,
    terms: ASKING,
    evidence: () => Promise.resolve(evidence),
  });
}

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
    expect((await getApplications(gateway(0), { signer: stranger })).applications).toEqual([]);

    await expect(order("0x")).rejects.toMatchObject({ code: "AccessEscrow_PurposeNotPermitted" });
    const expiry = Math.floor(Date.now() / 1000) + YEAR;
    const approval = await approveApplication(network.deployment, applications[0]!, {
      issuer: committee,
      address: committee.address,
      expiry,
    });
    await submitApproval(gateway(0), { id, approval });
    await submitApproval(gateway(0), { id, approval });
    const [own] = (await getApplications(gateway(0), { signer: buyer })).applications;
    expect(own!.decisions).toHaveLength(1);
    const [decision] = own!.decisions;
    if (!decision || !("approval" in decision)) throw new Error("no approval came back");
    const found = approvalOf(decision.approval);
    expect(found).toEqual(approval);

    const evidence = encodeEvidence({ attestations: [found] });
    await deliveryOf(await order(evidence));

    const attestation = attestationDigest(network.deployment, found.message);
    await endow(network, committee);
    await revokeAttestation(network.as(committee), attestation);
    expect(await readRevokedAt(network.reader, { issuer: committee.address, attestation })).toBeGreaterThan(
      0,
    );
    await expect(order(evidence)).rejects.toMatchObject({ code: "DataUseAuthority_AttestationRevoked" });
  },
);

test("a refusal comes back with its reason, and every word on an application stays", async () => {
  const id = await submitApplication(gateway(0), await signed({ ...use, project: keccak256("0x01") }));
  const refusal = await refuseApplication(gateway(0), { id, reason: "No protocol.", issuer: committee });
  await submitRefusal(gateway(0), refusal);
  const { applications } = await getApplications(gateway(0), { signer: buyer });
  expect(applications[0]).toMatchObject({ id, decisions: [{ refusal }] });
  const expiry = Math.floor(Date.now() / 1000) + YEAR;
  const approval = await approveApplication(network.deployment, applications[0]!, {
    issuer: committee,
    address: committee.address,
    expiry,
  });
  await submitApproval(gateway(0), { id, approval });
  const after = (await getApplications(gateway(0), { signer: buyer })).applications[0]!;
  expect(after.decisions.map((word) => ("refusal" in word ? "refused" : "approved"))).toEqual([
    "refused",
    "approved",
  ]);
});

test("refuses words that are not theirs to say, for another use, or out of date", async () => {
  const application = await signed({ ...use, project: keccak256("0x02") });
  const other = { ...application, text: { ...TEXT, title: "Another" } };
  await expect(submitApplication(gateway(0), other)).rejects.toMatchObject({
    code: "GATEWAY_SIGNATURE_INVALID",
  });
  const id = await submitApplication(gateway(0), application);
  const scope = gateway(0);
  const byStranger = await refuseApplication(scope, { id, reason: "No.", issuer: stranger });
  await expect(submitRefusal(scope, byStranger)).rejects.toMatchObject({ code: "GATEWAY_NOT_ENTITLED" });
  const [view] = (await getApplications(scope, { signer: committee })).applications;
  const expiry = Math.floor(Date.now() / 1000) + YEAR;
  const approve = (account: typeof stranger | typeof committee, change: object = {}) =>
    approveApplication(
      network.deployment,
      { application: { ...view!.application, ...change } },
      { issuer: account, address: account.address, expiry },
    );
  for (const approval of [
    await approve(stranger),
    await approve(committee, { applicant: stranger.address }),
    await approve(committee, { uses: (USES + 1n).toString() }),
    { ...(await approve(committee)), signature: (await approve(stranger)).signature },
  ]) {
    await expect(submitApproval(scope, { id, approval })).rejects.toMatchObject({
      code: "GATEWAY_APPROVAL_INVALID",
    });
  }
  const approval = await approve(committee);
  const unknown = keccak256("0x03");
  await expect(submitApproval(scope, { id: unknown, approval })).rejects.toMatchObject({
    code: "GATEWAY_APPLICATION_UNKNOWN",
  });
  const elsewhere = await signed({ ...use, dataset: use.dataset + 1n });
  await expect(submitApplication(scope, elsewhere)).rejects.toMatchObject({ code: "GATEWAY_NOT_ENTITLED" });
});

test("five applications of one buyer wait for a dataset, not more", async () => {
  const submit = async (i: number) =>
    submitApplication(gateway(2), await signed({ ...use, project: toHex(100 + i, { size: 32 }) }));
  for (let i = 0; i < 5; i += 1) await submit(i);
  await expect(submit(5)).rejects.toMatchObject({ code: "GATEWAY_APPLICATIONS_FULL" });
});
