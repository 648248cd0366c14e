/** Three gateways as processes, on a real chain and a real database: from listing to the result, and what goes wrong. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { privateKeyToAccount } from "viem/accounts";
import { keccak256, sha256, toHex } from "viem";
import {
  assetId,
  cancelMandate,
  cidFromDigest,
  contributorLeaf,
  DUO,
  findDelivery,
  findOrder,
  findRuns,
  hashStruct,
  leafRoot,
  MandateState,
  MODES,
  OrderKind,
  OrderState,
  publishModel,
  readListing,
  readMandateStatus,
  readOrderStatus,
  readSlots,
  recordLeaf,
  signRevocation,
  verifyReceipt,
  type Listing,
  type Version,
} from "@salus/sdk";
import {
  commitJob,
  downloadRecords,
  getAccessLog,
  getBlob,
  getExclusions,
  getInfo,
  getOrder,
  getResult,
  liftVeto,
  putBlob,
  putModel,
  putVeto,
  putVersion,
  releaseShares,
  requestCustody,
  sealModelInput,
  sendRevocation,
  signUploadToken,
  submitJob,
  submitMandate,
  waitForOrder,
} from "@salus/sdk/gateway/index";
import { keysOf } from "../../gateway/src/keys/keys.ts";
import { readPlainKeys } from "../../gateway/src/keys/plain-file.ts";
import { memoryVault } from "../../gateway/src/keys/raw-keys.ts";
import { connectDatabase } from "../../gateway/src/database/connect.ts";
import { openShareStore } from "../../gateway/src/storage/shares.ts";
import {
  COUNT,
  deliveryOf,
  DOLLAR,
  endow,
  listPatients,
  openMandate,
  placeOrder,
  resultOf,
  subjectOf,
  TERMS,
  ZERO,
  type Dataset,
} from "../support/gateway-market.ts";
import { startGatewayNetwork, until, type GatewayNetwork } from "../support/gateway-network.ts";

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the gateway tests")));
const stranger = privateKeyToAccount(keccak256(toHex("stranger of the gateway tests")));
let network: GatewayNetwork;
let dataset: Dataset;

beforeAll(async () => {
  network = await startGatewayNetwork(24_000);
  await endow(network, buyer);
  dataset = await listPatients(network, 20);
}, 120_000);

afterAll(() => network?.stop());

const target = (index: number) => network.gateways[index - 1]!.target();
const count = (asset = dataset.asset) => ({ buyer, asset, kind: OrderKind.Analysis, spec: COUNT });

async function expectCode(work: Promise<unknown>, code: string): Promise<Error & { hint: string }> {
  const error = await work.then(
    () => undefined,
    (cause: Error & { hint: string }) => cause,
  );
  expect(error, `expected ${code}`).toMatchObject({ code });
  expect(error!.hint.length).toBeGreaterThan(10);
  return error!;
}

async function revocationOf(i: number, asset = dataset.asset) {
  const subject = subjectOf(i);
  const [slot] = await readSlots(network.reader, { dataset: asset, subjects: [subject.address] });
  const about = { dataset: asset, subject: subject.address, nonce: slot!.nonce };
  return signRevocation(network.deployment, about, subject);
}

function leavesWithout(set: Dataset, ...people: number[]) {
  const gone = people.map((i) => subjectOf(i).address.toLowerCase());
  return set.built.manifest.entries
    .map(({ leaf }) => leaf)
    .filter(({ subject }) => !gone.includes(subject.toLowerCase()));
}

describe("a job", () => {
  test("becomes a receipt, a delivery and a sealed result that two gateways hold", async () => {
    const placed = await placeOrder(network, count());
    const { receipt, opened, sealed } = await resultOf(network, placed, buyer);
    expect(opened.result).toMatchObject({ kind: "count", minimumCell: 10, cohortSize: 20 });
    const records = leavesWithout(dataset);
    expect(receipt.inputRoot).toBe(leafRoot(recordLeaf, records));
    const { excluded } = await getExclusions(placed.executor, placed.id);
    const files = { records, consents: dataset.built.consentLeaves, excluded };
    const { checks } = await verifyReceipt(network.reader, placed.id, files);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    const { signers } = await findDelivery(network.reader, placed.id);
    expect(signers).toHaveLength(2);
    const cosigner = signers.find((index) => index !== 1)!;
    expect(await getResult(target(cosigner), { id: placed.id, signer: buyer })).toEqual(sealed);
    const settled = await waitForOrder(placed.executor, { id: placed.id, until: ["settled", "failed"] });
    expect(settled.state).toBe("settled");
  });

  test("handed in again is the same job, and its result is for the buyer alone", async () => {
    const placed = await placeOrder(network, count());
    await submitJob(placed.executor, placed.submission);
    await expectCode(getResult(placed.executor, { id: placed.id, signer: stranger }), "GATEWAY_NOT_ENTITLED");
    await expectCode(getResult(placed.executor, { id: placed.id, signer: buyer }), "GATEWAY_NOT_FINAL");
    const { receipt } = await resultOf(network, placed, buyer);
    // What is sealed cannot be had by its content id either.
    await expectCode(getBlob(placed.executor, cidFromDigest(receipt.result)), "GATEWAY_BLOB_UNKNOWN");
    await submitJob(placed.executor, placed.submission);
    expect((await resultOf(network, placed, buyer)).receipt).toEqual(receipt);
  });

  test("that picks a part of the cohort is about all of it: neither receipt nor pay tells who was picked", async () => {
    const parameters = { ...COUNT.parameters, filter: [{ kind: "sex", sex: "female" }] };
    const placed = await placeOrder(network, { ...count(), spec: { ...COUNT, parameters } });
    const { receipt } = await deliveryOf(placed);
    const everybody = dataset.built.consentLeaves.map(({ subject, weight }) => ({ subject, weight }));
    expect(receipt).toMatchObject({
      cohort: everybody.length,
      inputRoot: leafRoot(recordLeaf, leavesWithout(dataset)),
      contributorsRoot: leafRoot(contributorLeaf, everybody),
    });
  });

  test("is refused when unfunded, when it is another one, and at a gateway that does not execute it", async () => {
    const placed = await placeOrder(network, { ...count(), submit: false });
    const unfunded = { ...placed.order, salt: keccak256("0x01") };
    const id = hashStruct(network.deployment, "Order", unfunded);
    const { executor, submission } = placed;
    await expectCode(submitJob(executor, { ...submission, id, order: unfunded }), "GATEWAY_ORDER_NOT_FUNDED");
    await expectCode(submitJob(executor, { ...submission, order: unfunded }), "GATEWAY_ORDER_MISMATCH");
    await expectCode(submitJob(executor, { ...submission, salt: ZERO }), "GATEWAY_JOB_MISMATCH");
    const spec = { ...COUNT, analysis: "median" };
    const { hint } = await expectCode(submitJob(executor, { ...submission, spec }), "GATEWAY_JOB_INVALID");
    expect(hint).toContain("histogram");
    await expectCode(submitJob(target(2), submission), "GATEWAY_NOT_EXECUTOR");
    await submitJob(executor, submission);
    await deliveryOf(placed);
  });

  test("on a cohort below the minimum cell fails with a reason, and the buyer has the money back", async () => {
    const small = await listPatients(network, 12, {
      consent: (leaf, i) => (i < 4 ? { ...leaf, modes: MODES.TRAINING } : leaf),
    });
    const placed = await placeOrder(network, count(small.asset));
    const view = await waitForOrder(placed.executor, { id: placed.id });
    expect(view).toMatchObject({ state: "failed", failure: { code: "GATEWAY_COHORT_TOO_SMALL" } });
    expect((await readOrderStatus(network.reader, placed.id)).state).toBe(OrderState.Refunded);
  });

  test("does without a gateway that is down", async () => {
    await network.gateways[1]!.stop();
    try {
      const placed = await placeOrder(network, count());
      await deliveryOf(placed);
      expect((await findDelivery(network.reader, placed.id)).signers).toEqual([1, 3]);
    } finally {
      await network.gateways[1]!.start();
    }
  });

  test("goes on after the executor was killed, and is delivered once", async () => {
    const placed = await placeOrder(network, count());
    await network.gateways[0]!.stop("SIGKILL");
    await network.gateways[0]!.start();
    const { receipt } = await resultOf(network, placed, buyer);
    expect(receipt.cohort).toBe(20);
    const deliveries = await network.reader.publicClient.getContractEvents({
      address: network.deployment.contracts.AccessEscrow,
      abi: (await import("@salus/sdk")).accessEscrowAbi,
      eventName: "OrderDelivered",
      args: { id: placed.id },
      fromBlock: 0n,
    });
    expect(deliveries).toHaveLength(1);
  });
});

describe("a standing order", () => {
  test("has its job handed in once, and the gateway funds and delivers its run", async () => {
    const { id, mandate, submission } = await openMandate(network, { buyer, asset: dataset.asset });
    const executor = network.gateways[0]!.target();
    const another = { ...submission, salt: ZERO };
    await expect(submitMandate(executor, another)).rejects.toMatchObject({ code: "GATEWAY_JOB_INVALID" });
    const elsewhere = network.gateways[1]!.target();
    await expect(submitMandate(elsewhere, submission)).rejects.toMatchObject({
      code: "GATEWAY_NOT_EXECUTOR",
    });
    await submitMandate(executor, submission);
    await until(async () => (await findRuns(network.reader, id)).length === 1);
    const [run] = await findRuns(network.reader, id);
    expect(run).toMatchObject({ number: 1, version: 1 });
    await until(async () => Boolean(await getOrder(executor, run!.order)));
    const { view, receipt } = await deliveryOf({ executor, id: run!.order });
    expect(view.cohort).toBe(dataset.built.recordCount);
    expect(receipt.job).toBe(mandate.job);
    const { order: child } = await findOrder(network.reader, run!.order);
    expect(child).toMatchObject({ buyer: buyer.address, job: mandate.job });
    const before = await readMandateStatus(network.reader, id);
    expect(before).toMatchObject({ state: MandateState.Open, runs: 1 });
    await cancelMandate(network.as(buyer), { mandate });
  });
});

describe("key shares", () => {
  test("that are wrong name their sender, and another gateway's serve", async () => {
    const set = await listPatients(network, 12);
    const second = network.gateways[1]!;
    const db = await connectDatabase(second.databaseUrl);
    try {
      const vault = memoryVault(readPlainKeys(join(network.folder, second.name, "keys.json")));
      const shares = openShareStore(db, (await keysOf(vault)).storage);
      const scope = { asset: set.asset, originVersion: 1 };
      const held = [
        ...(
          await shares.get(
            scope,
            set.built.manifest.entries.map(({ leaf }) => leaf.recordId),
          )
        ).values(),
      ];
      held[0]!.share[0]! ^= 1;
      await shares.put(scope, held);
      const placed = await placeOrder(network, count(set.asset));
      expect((await deliveryOf(placed)).receipt.cohort).toBe(12);
      const log = readFileSync(network.gateways[0]!.logFile, "utf8");
      expect(log).toContain(`Gateway 2 sent a wrong key share for record ${held[0]!.recordId}.`);
    } finally {
      await db.destroy();
    }
  });

  test("are refused at arrival when they are not as committed, and the sender is named", async () => {
    const operator = network.operator(0).walletClient.account;
    const { chainId, contracts } = network.deployment;
    const salt = keccak256(toHex("never listed"));
    const asset = assetId(operator.address, salt);
    const token = { signer: operator as never, chainId, gatewayRegistry: contracts.GatewayRegistry };
    const about = { asset, curator: operator.address, salt, custodian: 1 };
    const upload = await signUploadToken({ ...token, ...about });
    const { built } = dataset;
    const version: Version = {
      contentRoot: built.contentRoot,
      consentRoot: built.consentRoot,
      count: 20,
      gatewaySet: 1,
      eligibility: ZERO,
      descriptor: sha256(built.descriptorFile.bytes),
    };
    const sealedShares = built.sealedShares[1]!.bytes;
    const files = [built.descriptorFile, built.consentFile, built.manifestFile];
    for (const { bytes } of files) await putBlob(target(2), { bytes, upload });
    // The files are those of another dataset.
    const other = putVersion(target(2), { asset, number: 1, version, sealedShares, upload });
    await expectCode(other, "GATEWAY_FILE_INVALID");
    // Right files, but another gateway's message.
    const own = await signUploadToken({
      ...token,
      ...about,
      asset: dataset.asset,
      salt: dataset.listing.salt,
    });
    const swapped = putVersion(target(2), {
      asset: dataset.asset,
      number: 1,
      version,
      upload: own,
      sealedShares: built.sealedShares[0]!.bytes,
    });
    const { message } = await expectCode(swapped, "GATEWAY_WRONG_SHARE");
    expect(message).toContain(operator.address);
    await expectCode(
      putBlob(target(2), { bytes: new Uint8Array(9), upload: await strangersToken(asset) }),
      "GATEWAY_UPLOAD_FORBIDDEN",
    );
  });

  async function strangersToken(asset: bigint) {
    const { chainId, contracts } = network.deployment;
    const salt = keccak256(toHex("never listed"));
    return signUploadToken({
      signer: stranger,
      chainId,
      gatewayRegistry: contracts.GatewayRegistry,
      asset,
      curator: stranger.address,
      salt,
      custodian: 1,
    });
  }
});

describe("stopping", () => {
  test("at one gateway holds at all: the next receipt leaves out exactly that record", async () => {
    const answer = await sendRevocation(target(3), await revocationOf(0));
    expect(answer.status).toMatch(/effective|on chain/);
    const placed = await placeOrder(network, count());
    const { receipt } = await deliveryOf(placed);
    const kept = leavesWithout(dataset, 0);
    expect(receipt.inputRoot).toBe(leafRoot(recordLeaf, kept));
    const { excluded } = await getExclusions(placed.executor, placed.id);
    const files = { records: leavesWithout(dataset), consents: dataset.built.consentLeaves, excluded };
    expect((await verifyReceipt(network.reader, placed.id, files)).checks.filter(({ ok }) => !ok)).toEqual(
      [],
    );
    await until(async () => {
      const subjects = [subjectOf(0).address];
      return (await readSlots(network.reader, { dataset: dataset.asset, subjects }))[0]!.changedAt > 0;
    });
  });

  test("holds before the chain has it: an exclusion with a reason, which others check", async () => {
    // The gateway that was asked cannot pay, and the others leave it some seconds before they submit for it.
    const { operator } = network.gateways[2]!.keys;
    await network.rpc("anvil_setBalance", [operator, "0x0"]);
    const subject = subjectOf(1).address;
    const slot = async () =>
      (await readSlots(network.reader, { dataset: dataset.asset, subjects: [subject] }))[0]!;
    try {
      await sendRevocation(target(3), await revocationOf(1));
      const placed = await placeOrder(network, count());
      const { receipt } = await deliveryOf(placed);
      expect(receipt.inputRoot).toBe(leafRoot(recordLeaf, leavesWithout(dataset, 0, 1)));
      const { excluded } = await getExclusions(placed.executor, placed.id);
      expect(excluded).toEqual([{ subject: subject.toLowerCase(), reason: 1 }]);
      const files = { records: leavesWithout(dataset), consents: dataset.built.consentLeaves, excluded };
      const { checks } = await verifyReceipt(network.reader, placed.id, files);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      await until(async () => (await slot()).changedAt > 0);
    } finally {
      await network.rpc("anvil_setBalance", [operator, "0x56bc75e2d63100000"]);
    }
  });

  test("is not possible for another, and a made-up signature is refused", async () => {
    const { message } = await revocationOf(2);
    const { signature } = await revocationOf(3);
    await expectCode(sendRevocation(target(2), { message, signature }), "GATEWAY_REVOCATION_INVALID");
  });

  test("is seen in the access log, by the subject alone and once per signature", async () => {
    const signer = subjectOf(0);
    const { entries } = await getAccessLog(target(1), { dataset: dataset.asset, signer });
    const reasons = entries.map(({ reason }) => reason);
    expect(reasons).toContain("PERMITTED");
    expect(reasons[0]).toBe("GATEWAY_CONSENT_REVOKED");
    expect(entries.at(-1)).toMatchObject({ decision: "permitted", action: "job", uses: "2", gateway: 1 });
    let replay: { url: string; body: string } | undefined;
    const fetch: typeof globalThis.fetch = (url, init) => {
      replay = { url: String(url), body: new TextDecoder().decode(init!.body as Uint8Array) };
      return globalThis.fetch(url, init);
    };
    await getAccessLog({ ...target(1), fetch }, { dataset: dataset.asset, signer });
    const headers = { "content-type": "application/json" };
    const again = await globalThis.fetch(replay!.url, { method: "POST", headers, body: replay!.body });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: "GATEWAY_REQUEST_REPLAYED" });
    const other = JSON.stringify({ ...JSON.parse(replay!.body), subject: subjectOf(5).address });
    const refused = await globalThis.fetch(replay!.url, { method: "POST", headers, body: other });
    expect(await refused.json()).toMatchObject({ code: "GATEWAY_SIGNATURE_INVALID" });
  });
});

describe("a download", () => {
  test("opens with two gateways' key shares, refuses who has stopped, and is paid for what was released", async () => {
    const set = await listPatients(network, 11);
    const placed = await placeOrder(network, { buyer, asset: set.asset, kind: OrderKind.Download });
    await expectCode(release(placed, 2), "GATEWAY_NOT_FINAL");
    const { opened } = await resultOf(network, placed, buyer);
    expect(opened.result).toMatchObject({ kind: "download" });
    await sendRevocation(target(2), await revocationOf(4, set.asset));
    const manifest = set.built.manifest;
    const gone = manifest.entries.find(({ leaf }) => leaf.subject === subjectOf(4).address.toLowerCase())!
      .leaf.recordId;
    const one = await release(placed, 3);
    expect(one.shares).toHaveLength(10);
    expect(one.refused).toEqual([
      expect.objectContaining({ recordId: gone, code: "GATEWAY_CONSENT_REVOKED" }),
    ]);
    await expectCode(release(placed, 1, stranger), "GATEWAY_NOT_ENTITLED");
    const { id, order, recipientKey } = placed;
    const escrow = network.deployment.contracts.AccessEscrow;
    const unreachable = { ...target(1), url: "http://127.0.0.1:1" };
    const gateways = [unreachable, target(2), target(3)];
    const got = await downloadRecords({
      id,
      order,
      gateways,
      manifest,
      signer: buyer,
      recipientKey,
      escrow,
    }).catch((error: unknown) => error);
    // The first in the list is the custodian, whose ciphertexts cannot be had.
    expect(got).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
    const whole = await downloadRecords({
      id,
      order,
      gateways: [target(1), target(2), target(3)],
      manifest,
      signer: buyer,
      recipientKey,
      escrow,
    });
    expect(whole).toMatchObject({ silent: [], wrongShares: [], refused: [{ recordId: gone }] });
    expect(whole.records).toHaveLength(10);
    for (const { plaintext } of whole.records) {
      expect(JSON.parse(new TextDecoder().decode(plaintext)).resourceType).toBe("Bundle");
    }
    const settled = await waitForOrder(placed.executor, { id: placed.id, until: ["settled", "failed"] });
    expect(settled.state).toBe("settled");
    expect(await readOrderStatus(network.reader, placed.id)).toMatchObject({ cohort: 11, released: 10 });
  });

  type Placed = Awaited<ReturnType<typeof placeOrder>>;
  async function release(placed: Placed, index: number, signer = buyer) {
    const { id, order, recipientKey } = placed;
    const escrow = network.deployment.contracts.AccessEscrow;
    return releaseShares(target(index), { id, order, signer, recipientKey, escrow });
  }
});

describe("a veto", () => {
  test("of a subject leaves the record out with a signed reason; of the dataset it stops all; both can be lifted", async () => {
    const set = await listPatients(network, 12);
    const signer = network.operator(0).walletClient.account as never;
    const { id } = await putVeto(target(1), { dataset: set.asset, subject: subjectOf(7).address, signer });
    const placed = await placeOrder(network, count(set.asset));
    const { receipt } = await deliveryOf(placed);
    expect(receipt.inputRoot).toBe(leafRoot(recordLeaf, leavesWithout(set, 7)));
    expect((await getExclusions(placed.executor, placed.id)).excluded).toEqual([
      { subject: subjectOf(7).address.toLowerCase(), reason: 2 },
    ]);
    await liftVeto(target(1), { id, signer });
    const whole = await putVeto(target(1), { dataset: set.asset, signer });
    await expectCode(placeOrder(network, count(set.asset)), "GATEWAY_DATASET_VETOED");
    await liftVeto(target(1), { id: whole.id, signer });
    await expectCode(
      putVeto(target(1), { dataset: set.asset, signer: stranger }),
      "GATEWAY_SIGNATURE_INVALID",
    );
  });
});

describe("a model", () => {
  test("is trained, taken into custody, published and used on a sealed input", async () => {
    const spec = {
      analysis: "logistic-regression",
      version: 1,
      tables: "fhir-r4/1",
      parameters: {
        features: [{ column: "systolic-blood-pressure", lower: 90, upper: 180 }],
        label: { kind: "condition", system: "icd-10-cm", code: "I10" },
        filter: [],
        regularisation: { numerator: 1, denominator: 10 },
        epsilon: { numerator: 1, denominator: 1 },
      },
    };
    const placed = await placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Training, spec });
    const { receipt, opened } = await resultOf(network, placed, buyer);
    const file = Uint8Array.from(Buffer.from((opened.result as { onnx: string }).onnx, "base64"));
    expect(sha256(file)).toBe(opened.outputDigest);
    await waitForOrder(placed.executor, { id: placed.id, until: ["settled"] });
    const listing: Listing = {
      ...dataset.listing,
      salt: keccak256(toHex("model")),
      price: 5n * DOLLAR,
      custodianBps: 1_500,
      curatorBps: 6_500,
      modes: MODES.MODEL_USE,
      privacyCap: 0n,
      terms: { ...TERMS, duo: DUO.NRES, royaltyBps: 0 },
    };
    const version: Version = {
      contentRoot: opened.outputDigest,
      consentRoot: ZERO,
      count: 0,
      gatewaySet: 1,
      eligibility: ZERO,
      descriptor: ZERO,
    };
    const greedy = { ...listing, custodianBps: 100 };
    const refused = requestCustody(target(1), { curator: buyer.address, listing: greedy, version });
    await expectCode(refused, "GATEWAY_CUSTODY_REFUSED");
    const { signature } = await requestCustody(target(1), { curator: buyer.address, listing, version });
    const { terms: datasetTerms } = await readListing(network.reader, dataset.asset);
    const parents = [{ asset: dataset.asset, contributorsRoot: receipt.contributorsRoot, shareBps: 2_000 }];
    const { asset } = await publishModel(network.as(buyer), {
      listing,
      version,
      parents,
      order: placed.order,
      receipt,
      outputSalt: opened.outputSalt,
      datasetTerms,
      custodySignature: signature,
    });
    const { chainId, contracts } = network.deployment;
    const upload = await signUploadToken({
      signer: buyer,
      chainId,
      gatewayRegistry: contracts.GatewayRegistry,
      asset,
      curator: buyer.address,
      salt: listing.salt,
      custodian: 1,
    });
    await expectCode(
      putModel(target(1), { asset, bytes: new Uint8Array([1, 2, 3]), upload }),
      "GATEWAY_FILE_INVALID",
    );
    expect(await putModel(target(1), { asset, bytes: file, upload })).toMatchObject({ status: "effective" });
    const features = { "systolic-blood-pressure": { value: 150, unit: "mm[Hg]" } };
    const { opened: prediction } = await predict(asset, listing, features);
    expect(prediction.result).toMatchObject({ kind: "prediction" });
    const { probability } = prediction.result as { probability: number };
    expect(probability).toBeGreaterThanOrEqual(0);
    expect(probability).toBeLessThanOrEqual(1);
  });

  async function predict(
    asset: bigint,
    listing: Listing,
    features: Record<string, { value: number; unit: string }>,
  ) {
    const salt = keccak256(toHex(Math.random().toString()));
    const spec = { inference: 1, features } as const;
    const placed = await placeOrder(network, {
      buyer,
      asset,
      kind: OrderKind.ModelUse,
      terms: listing.terms,
      submit: false,
      uses: DUO.USE_CLINICAL_CARE,
      job: commitJob(spec, salt),
      privacyCap: 0n,
    });
    const { sealingKey } = await getInfo(target(1));
    const { chainId, contracts } = network.deployment;
    const about = { chainId, escrow: contracts.AccessEscrow, orderId: placed.id };
    const other = await sealModelInput({ ...about, sealingKey, salt, spec: { inference: 1, features: {} } });
    const { id, order } = placed;
    await expectCode(submitJob(target(1), { id, order, sealedInput: other }), "GATEWAY_JOB_MISMATCH");
    await expectCode(submitJob(target(1), { id, order }), "GATEWAY_INPUT_INVALID");
    const sealedInput = await sealModelInput({ ...about, sealingKey, salt, spec });
    await submitJob(target(1), { id, order, sealedInput });
    return resultOf(network, placed, buyer);
  }
});

describe("IPFS", () => {
  test("answers graph-node's probe and serves descriptors and leaf files, but no ciphertext", async () => {
    const { url } = target(1);
    const probe = await fetch(`${url}/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn`, {
      method: "HEAD",
    });
    expect(probe.status).toBe(200);
    const { built } = dataset;
    for (const { cid, bytes } of [built.descriptorFile, built.consentFile, built.manifestFile]) {
      const answer = await fetch(`${url}/ipfs/${cid}?format=raw`);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    }
    const ciphertext = cidFromDigest(built.manifest.entries[0]!.leaf.content);
    expect((await fetch(`${url}/ipfs/${ciphertext}`)).status).toBe(404);
  });
});
