/** Orders that rest on evidence, from listing to delivery or refund, with three gateways as processes on a real chain. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { keccak256, toHex, type Hex } from "viem";
import {
  attestationDigest,
  attestationOf,
  buildDiseaseClosure,
  decodeEvidence,
  diseaseDigest,
  DUO,
  encodeEvidence,
  endOfUse,
  evidenceNeeds,
  findEvidence,
  OrderKind,
  OrderState,
  readOrderStatus,
  readRevokedAt,
  readShown,
  revokeAttestation,
  signAttestation,
  signAttestationRevocation,
  submitAttestationRevocation,
  type Order,
  type Terms,
} from "@salus/sdk";
import { submitJob, waitForOrder } from "@salus/sdk/gateway/index";
import { DEMO_COMMITTEE } from "@salus/sdk/local/committee";
import { DEMO_DISEASES } from "@salus/sdk/local/diseases";
import { LOCAL_MNEMONIC } from "@salus/sdk/local/personas";
import { COUNT, deliveryOf, endow, listPatients, placeOrder, TERMS } from "../support/gateway-market.ts";
import { startGatewayNetwork, type GatewayNetwork } from "../support/gateway-network.ts";

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the evidence tests")));
const committee = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: DEMO_COMMITTEE.walletIndex });
const DIABETES = diseaseDigest("ICD-10-CM:E08-E13");
const TYPE_2 = diseaseDigest("ICD-10-CM:E11.9");
const closure = buildDiseaseClosure(DEMO_DISEASES);

/** One disease and its forms, with an ethics approval and a promise to publish. */
const ASKING: Terms = { ...TERMS, duo: DUO.DS | DUO.IRB | DUO.PUB, disease: DIABETES };

let network: GatewayNetwork;
let asset: bigint;

beforeAll(async () => {
  network = await startGatewayNetwork(21_100);
  await endow(network, buyer);
  ({ asset } = await listPatients(network, 20, { terms: ASKING }));
}, 180_000);

afterAll(() => network?.stop());

const attest = (order: Order) =>
  attestationOf(order, {
    kind: "IRB",
    issuer: committee.address,
    expiry: endOfUse(order),
    salt: keccak256(order.salt),
  });

async function evidenceFor(order: Order): Promise<Hex> {
  const signed = await signAttestation(network.deployment, attest(order), committee);
  return encodeEvidence({ attestations: [signed], descent: closure.proof(TYPE_2, DIABETES)! });
}

/** Subjects of this dataset permit research into a disease; they were never asked about a promise to publish. */
const request = () => ({
  buyer,
  asset,
  kind: OrderKind.Analysis,
  spec: COUNT,
  uses: DUO.USE_DISEASE | DUO.WILL_PUBLISH,
  disease: TYPE_2,
  terms: ASKING,
  evidence: evidenceFor,
});

test("an order with approval, descent and promise is delivered on the whole cohort", async () => {
  const placed = await placeOrder(network, request());
  const { receipt } = await deliveryOf(placed);
  expect(receipt.cohort).toBe(20);
  const evidence = await findEvidence(network.reader, placed.id);
  expect(decodeEvidence(evidence).attestations).toMatchObject([{ kind: 11, issuer: committee.address }]);
  const shown = await readShown(network.reader, { order: placed.order, terms: ASKING, evidence });
  expect(shown).toBe(DUO.IRB | DUO.DS);
});

test("without its evidence the chain refuses, and the SDK says beforehand what is missing", async () => {
  const { evidence: _, ...bare } = request();
  await expect(placeOrder(network, bare)).rejects.toMatchObject({
    code: "AccessEscrow_PurposeNotPermitted",
    message: expect.stringContaining("another disease"),
  });
  const around = { shown: 0n, time: 0, until: 0 };
  const purpose = { uses: bare.uses, disease: TYPE_2, country: 40 };
  expect(evidenceNeeds(ASKING, purpose, around).missing.map(({ term }) => term)).toEqual([DUO.DS, DUO.IRB]);
  const other = (order: Order) => evidenceFor({ ...order, project: keccak256("0x02") });
  await expect(placeOrder(network, { ...bare, evidence: other })).rejects.toMatchObject({
    code: "DataUseAuthority_AttestationInvalid",
    hint: expect.stringContaining("exactly this buyer"),
  });
});

test("an approval withdrawn after funding stops the job, and the buyer has the money back", async () => {
  const placed = await placeOrder(network, { ...request(), submit: false });
  const attestation = attestationDigest(network.deployment, attest(placed.order));
  await network.rpc("anvil_setBalance", [committee.address, toHex(10n ** 18n)]);
  await revokeAttestation(network.as(committee), attestation);
  expect(await readRevokedAt(network.reader, { issuer: committee.address, attestation })).toBeGreaterThan(0);
  await submitJob(placed.executor, placed.submission);
  const view = await waitForOrder(placed.executor, { id: placed.id });
  expect(view).toMatchObject({ state: "failed", failure: { code: "GATEWAY_ATTESTATION_REVOKED" } });
  expect((await readOrderStatus(network.reader, placed.id)).state).toBe(OrderState.Refunded);
});

test("an issuer without gas withdraws by a signature that anyone sends", async () => {
  const message = { issuer: committee.address, attestation: keccak256("0x07") };
  const signed = await signAttestationRevocation(network.deployment, message, committee);
  await submitAttestationRevocation(network.as(buyer), signed);
  expect(await readRevokedAt(network.reader, message)).toBeGreaterThan(0);
});
