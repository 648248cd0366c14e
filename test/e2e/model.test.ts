/** A model from training to its first use, on the one-command stack: who is paid what, to the unit. */
import { sha256, toHex, type Hex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import {
  assetId,
  buildOrder,
  distribute,
  DUO,
  fundOrder,
  generateHpkeKeyPair,
  MODES,
  OrderKind,
  potKey,
  publishModel,
  readCredit,
  readGateways,
  readListing,
  readPot,
  type Listing,
  type Version,
} from "@salus/sdk";
import {
  commitJob,
  putModel,
  requestCustody,
  sealModelInput,
  signUploadToken,
  submitJob,
  waitForOrder,
  type InferenceSpec,
} from "@salus/sdk/gateway/index";
import { DemoStack } from "../support/demo-stack.ts";
import { clinicPatient } from "../../scripts/demo/world/patient.ts";

const DOLLAR = 1_000_000n;
const ZERO: Hex = `0x${"00".repeat(32)}`;
const TRAINING = {
  analysis: "logistic-regression",
  version: 1,
  tables: "fhir-r4/1",
  parameters: {
    features: [
      { column: "hba1c", lower: 4, upper: 12 },
      { column: "body-mass-index", lower: 15, upper: 50 },
    ],
    label: { kind: "condition", system: "icd-10-cm", code: "E11.9" },
    filter: [],
    regularisation: { numerator: 1, denominator: 10 },
    epsilon: { numerator: 1, denominator: 1 },
  },
};

let demo: DemoStack;
beforeAll(() => {
  demo = new DemoStack();
});

describe("a model", () => {
  test("trained, published with its receipt as parent, used by a clinic; each party gets exactly its part", async () => {
    const developer = demo.wallet("developer");
    const clinic = demo.wallet("clinic");
    const hospital = demo.operator("lakeside").walletClient.account.address;
    const { Treasury: commons, AccessEscrow: escrow, TestDollar } = demo.deployment.contracts;
    const token = TestDollar!;
    const { chainId } = demo.deployment;

    const uses = DUO.USE_HEALTH | DUO.COMMERCIAL | DUO.FOR_PROFIT;
    const training = await demo.order({
      buyer: developer,
      hospital: "lakeside" as const,
      kind: OrderKind.Training,
      spec: TRAINING,
      uses,
    });
    const { receipt, opened } = await demo.result(developer, training);
    const { onnx, kind } = opened.result as { onnx: string; kind: string };
    expect(kind).toBe("model");
    const file = Uint8Array.from(Buffer.from(onnx, "base64"));
    expect(sha256(file)).toBe(opened.outputDigest);
    await waitForOrder(training.executor, { id: training.id, until: ["settled"], timeout: 60_000 });

    const { terms: datasetTerms } = await readListing(demo.reader, training.order.asset);
    const listing: Listing = {
      salt: toHex(crypto.getRandomValues(new Uint8Array(32))),
      price: 5n * DOLLAR,
      token: training.order.token,
      gatewaySet: training.order.gatewaySet,
      custodian: training.order.custodian,
      custodianBps: 1_500,
      curatorBps: 6_500,
      modes: MODES.MODEL_USE,
      population: 0,
      privacyCap: 0n,
      terms: { ...datasetTerms, duo: DUO.NRES, royaltyBps: 0 },
    };
    const version: Version = {
      contentRoot: opened.outputDigest,
      consentRoot: ZERO,
      count: 0,
      gatewaySet: listing.gatewaySet,
      eligibility: ZERO,
      descriptor: ZERO,
    };
    const curator = developer.walletClient.account.address;
    const { signature } = await requestCustody(training.executor, { curator, listing, version });
    const parents = [
      { asset: training.order.asset, contributorsRoot: receipt.contributorsRoot, shareBps: 2_000 },
    ];
    const { asset } = await publishModel(developer, {
      listing,
      version,
      parents,
      order: training.order,
      receipt,
      outputSalt: opened.outputSalt,
      datasetTerms,
      custodySignature: signature,
    });
    expect(asset).toBe(assetId(curator, listing.salt));
    const upload = await signUploadToken({
      signer: developer.walletClient,
      chainId,
      gatewayRegistry: demo.deployment.contracts.GatewayRegistry,
      asset,
      curator,
      salt: listing.salt,
      custodian: listing.custodian,
    });
    await putModel(training.executor, { asset, bytes: file, upload });

    const { features } = clinicPatient();
    const spec: InferenceSpec = {
      inference: 1,
      features: {
        hba1c: { value: features.hba1c, unit: "%" },
        "body-mass-index": { value: features["body-mass-index"], unit: "kg/m2" },
      },
    };
    const salt = toHex(crypto.getRandomValues(new Uint8Array(32)));
    const recipientKey = await generateHpkeKeyPair();
    const draft = await buildOrder(demo.reader, {
      buyer: clinic.walletClient.account.address,
      asset,
      kind: OrderKind.ModelUse,
      uses: DUO.USE_CLINICAL_CARE,
      country: 756,
      project: ZERO,
      job: commitJob(spec, salt),
      recipientKey: recipientKey.publicKey,
      privacyCap: 0n,
    });
    const parts = async () => ({
      developer: await readCredit(demo.reader, { token, payee: curator }),
      hospital: await readCredit(demo.reader, { token, payee: hospital }),
      commons: await readCredit(demo.reader, { token, payee: commons }),
      model: await readPot(demo.reader, { token, pot: potKey(asset) }),
    });
    const before = await parts();
    const { id } = await fundOrder(clinic, { draft, terms: listing.terms });
    const { sealingKey } = (await readGateways(demo.reader)).find(
      ({ index }) => index === listing.custodian,
    )!;
    const sealedInput = await sealModelInput({ sealingKey, chainId, escrow, orderId: id, salt, spec });
    await submitJob(training.executor, { id, order: draft.order, sealedInput });
    const used = {
      id,
      ...draft,
      salt,
      recipientKey,
      executor: training.executor,
      submission: { id, order: draft.order },
    };
    const prediction = await demo.result(clinic, used);
    const { probability } = prediction.opened.result as { probability: number };
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
    await waitForOrder(training.executor, { id, until: ["settled"], timeout: 60_000 });
    const after = await parts();
    // 5 dollars: 65 % developer, 15 % hospital, 20 % the people whose data trained it; 2 % fee on top.
    expect(after.developer - before.developer).toBe(3_250_000n);
    expect(after.hospital - before.hospital).toBe(750_000n);
    expect(after.model - before.model).toBe(1_000_000n);
    expect(after.commons - before.commons).toBe(draft.fee);

    const pot = potKey(training.order.asset, receipt.contributorsRoot);
    const potBefore = await readPot(demo.reader, { token, pot });
    await distribute(clinic, { token, asset, parents });
    expect((await readPot(demo.reader, { token, pot })) - potBefore).toBe(1_000_000n);
    expect(await readPot(demo.reader, { token, pot: potKey(asset) })).toBe(0n);
  });
});
