import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keccak256, parseEventLogs, toHex, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  acceptOrder,
  addVersion,
  announcementId,
  assetId,
  buildMandate,
  buildOrder,
  closeMandate,
  collectFees,
  computeCohort,
  consentLeaf,
  createMandate,
  deliverOrder,
  distribute,
  DUO,
  EMPTY_ROOT,
  encodeAnnouncement,
  encodeAnnouncementRevocation,
  encodePayment,
  findOrder,
  fundOrder,
  grant,
  hashStruct,
  leafRoot,
  listDataset,
  MandateState,
  modeOf,
  MODES,
  OrderKind,
  OrderState,
  payAnnounced,
  payment,
  payoutsAbi,
  potKey,
  publishModel,
  readCredit,
  readGrant,
  readMandateStatus,
  readOrderStatus,
  readPot,
  readSlots,
  readTreasury,
  readTreasuryRules,
  recordLeaf,
  refundOrder,
  releaseGrant,
  runMandate,
  send,
  settleOrder,
  signCustody,
  signRevocation,
  signStruct,
  submitRevocation,
  testDollarAbi,
  treasuryAbi,
  verifyReceipt,
  withdraw,
  type ConsentLeaf,
  type Listing,
  type Order,
  type OrderDraft,
  type Receipt,
  type RecordLeaf,
  type Terms,
  type Version,
} from "@salus/sdk";
import { delegateAll, enact } from "../support/enact.ts";
import { devAccount, startLocalChain, type LocalChain } from "../support/local-chain.ts";

const DOLLAR = 1_000_000n;
const PRICE = 100n * DOLLAR;
const YEAR_2100 = 4_102_444_800;
const ZERO: Hex = `0x${"00".repeat(32)}`;

const hospital = devAccount(1);
const buyer = devAccount(13);
const clinic = devAccount(14);

const people = Array.from({ length: 12 }, (_, i) => privateKeyToAccount(toHex(5000 + i, { size: 32 })));
const terms: Terms = {
  duo: DUO.HMB | DUO.NCU,
  disease: ZERO,
  royaltyBps: 1_000,
  agreement: keccak256(toHex("agreement")),
  countries: 0n,
  dates: 0n,
};
const dataset = assetId(hospital.address, ZERO);
const records: RecordLeaf[] = people.map(({ address }, i) => ({
  recordId: keccak256(toHex(`record ${i}`)),
  subject: address,
  content: keccak256(toHex(`content ${i}`)),
  size: 4096n,
  keyCommitment: keccak256(toHex(`key ${i}`)),
  shareCommitments: keccak256(toHex(`shares ${i}`)),
  schema: keccak256(toHex("schema")),
  originVersion: 1,
}));
const consents: ConsentLeaf[] = people.map(({ address }, i) => ({
  subject: address,
  purposes: DUO.USE_HEALTH | DUO.USE_DISEASE,
  modes: MODES.ANALYSIS | MODES.TRAINING | MODES.DOWNLOAD,
  expiry: YEAR_2100,
  basis: 0,
  evidence: keccak256(toHex(`evidence ${i}`)),
  weight: 1 + (i % 3),
  originVersion: 1,
}));
const version: Version = {
  contentRoot: leafRoot(recordLeaf, records),
  consentRoot: leafRoot(consentLeaf, consents),
  count: records.length,
  gatewaySet: 1,
  eligibility: ZERO,
  descriptor: keccak256(toHex("descriptor")),
};
const listing: Listing = {
  salt: ZERO,
  price: PRICE,
  token: 1,
  gatewaySet: 1,
  custodian: 1,
  custodianBps: 2_000,
  curatorBps: 1_000,
  modes: MODES.ANALYSIS | MODES.TRAINING | MODES.DOWNLOAD,
  population: 0,
  privacyCap: 10_000_000_000n,
  terms,
};

let chain: LocalChain;
let dollar: Address;

async function draft(kind: number, uses: bigint = DUO.USE_HEALTH): Promise<OrderDraft> {
  return buildOrder(chain.reader, {
    buyer: buyer.address,
    asset: dataset,
    kind,
    uses,
    country: 276,
    project: keccak256(toHex("project")),
    job: keccak256(toHex("job")),
    recipientKey: keccak256(toHex("recipient")),
    privacyCap: 1_000_000_000n,
  });
}

async function cohortAtHead(order: Order) {
  const head = await chain.reader.publicClient.getBlock();
  const subjects = people.map(({ address }) => address);
  const slots = await readSlots(chain.reader, { dataset: order.asset, subjects });
  const byLowerCase = new Map(subjects.map((subject, i) => [subject.toLowerCase(), slots[i]!]));
  const cohort = computeCohort({
    records,
    consents,
    slotsAtGrant: byLowerCase,
    slotsAtConsent: byLowerCase,
    uses: order.uses,
    mode: modeOf(order.kind),
    datasetModes: MODES.DATASET_MODES,
    time: Number(head.timestamp),
    excluded: new Map(),
  });
  return { cohort, head };
}

async function receiptFor(order: Order, change: Partial<Receipt> = {}): Promise<Receipt> {
  const { cohort, head } = await cohortAtHead(order);
  return {
    order: hashStruct(chain.deployment, "Order", order),
    job: order.job,
    algorithm: keccak256(toHex("count@1")),
    parameters: keccak256(toHex("parameters")),
    output: keccak256(toHex("output")),
    result: keccak256(toHex("result")),
    inputRoot: cohort.inputRoot,
    contributorsRoot: cohort.contributorsRoot,
    totalWeight: cohort.totalWeight,
    cohort: cohort.records.length,
    excludedRoot: cohort.excludedRoot,
    grantBlock: Number(head.number),
    consentBlock: Number(head.number),
    consentBlockHash: head.hash,
    privacyCost: 500_000_000n,
    logs: ZERO,
    attestation: 1,
    ...change,
  };
}

async function deliver(order: Order, change: Partial<Receipt> = {}, signers = [0, 2]): Promise<Receipt> {
  const receipt = await receiptFor(order, change);
  const signatures = await Promise.all(
    signers.map(async (i) => ({
      gateway: chain.gateways[i]!.index,
      signature: await signStruct(chain.deployment, "Receipt", receipt, chain.gateways[i]!.signer),
    })),
  );
  await deliverOrder(chain.as(hospital), { order, receipt, signatures });
  return receipt;
}

beforeAll(async () => {
  chain = await startLocalChain();
  dollar = chain.deployment.contracts.TestDollar!;
  for (const { address } of [buyer, clinic]) {
    const mint = {
      address: dollar,
      abi: testDollarAbi,
      functionName: "mint",
      args: [address, 10_000n * DOLLAR],
    } as const;
    await send(chain.as(buyer), mint);
  }
  await listDataset(chain.as(hospital), { listing, version });
});
afterAll(() => chain?.close());

describe("the loop of the SDK on a chain", () => {
  test("an order is funded with a permit, delivered on a receipt that verifies, and settled to the unit", async () => {
    const { order, fee, total, ...rest } = await draft(OrderKind.Analysis);
    expect({ fee, total }).toEqual({ fee: 2n * DOLLAR, total: 102n * DOLLAR }); // 2 % of 100 dollars
    const { id } = await fundOrder(chain.as(buyer), { draft: { order, fee, total, ...rest }, terms });
    expect((await findOrder(chain.reader, id)).order).toEqual(order);
    await deliver(order);
    const verification = await verifyReceipt(chain.reader, id, { records, consents, excluded: [] });
    expect(verification.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(verification.ok).toBe(true);
    await chain.advance(4);
    await settleOrder(chain.as(clinic), order);
    expect((await readOrderStatus(chain.reader, id)).state).toBe(OrderState.Settled);
    // The hospital is custodian (20 %) and curator (10 %); 70 % are the contributors'; the fee is the commons'.
    expect(await readCredit(chain.reader, { token: dollar, payee: hospital.address })).toBe(30n * DOLLAR);
    expect(await readPot(chain.reader, { token: dollar, pot: potKey(dataset) })).toBe(70n * DOLLAR);
    const commons = chain.deployment.contracts.Treasury;
    expect(await readCredit(chain.reader, { token: dollar, payee: commons })).toBe(2n * DOLLAR);
    await withdraw(chain.as(hospital), { token: dollar, to: hospital.address });
    expect(await readCredit(chain.reader, { token: dollar, payee: hospital.address })).toBe(0n);
  });

  test("a receipt whose cohort is not what the consents say is found out", async () => {
    const order = await draft(OrderKind.Analysis);
    const { id } = await fundOrder(chain.as(buyer), { draft: order, terms });
    await deliver(order.order, { cohort: 11 });
    const { ok, checks } = await verifyReceipt(chain.reader, id, { records, consents, excluded: [] });
    expect(ok).toBe(false);
    expect(checks.filter((c) => !c.ok).map((c) => c.name)).toEqual(["cohort"]);
  });

  test("after a signed revocation the next receipt leaves out exactly that record", async () => {
    const before = await cohortAtHead((await draft(OrderKind.Analysis)).order);
    const person = people[4]!;
    const revocation = await signRevocation(
      chain.deployment,
      { dataset, subject: person.address, nonce: 0 },
      person,
    );
    await submitRevocation(chain.as(clinic), revocation);
    const after = await cohortAtHead((await draft(OrderKind.Analysis)).order);
    const gone = before.cohort.records.filter((r) => !after.cohort.records.includes(r));
    expect(gone.map(({ subject }) => subject)).toEqual([person.address]);
    expect(after.cohort.inputRoot).not.toBe(before.cohort.inputRoot);
    expect(after.cohort.inputRoot).toBe(
      leafRoot(
        recordLeaf,
        records.filter((r) => r.subject !== person.address),
      ),
    );
  });

  test("a purpose that the terms forbid is refused on chain, with the reason in plain words", async () => {
    const forbidden = await draft(OrderKind.Analysis, DUO.USE_HEALTH | DUO.COMMERCIAL);
    await expect(fundOrder(chain.as(buyer), { draft: forbidden, terms })).rejects.toMatchObject({
      code: "AccessEscrow_PurposeNotPermitted",
      message: "The contract refused: these data may not be used for commercial ends.",
      hint: "Choose other data, or a purpose that these terms permit.",
    });
  });

  test("an order that nobody delivers is refunded whole after its deadline, not before", async () => {
    const balance = () =>
      chain.reader.publicClient.readContract({
        address: dollar,
        abi: testDollarAbi,
        functionName: "balanceOf",
        args: [buyer.address],
      });
    const before = await balance();
    const order = await draft(OrderKind.Analysis);
    await fundOrder(chain.as(buyer), { draft: order, terms });
    expect(await balance()).toBe(before - 102n * DOLLAR);
    await expect(refundOrder(chain.as(clinic), order.order)).rejects.toMatchObject({
      code: "AccessEscrow_TooEarly",
    });
    await chain.advance(61);
    await refundOrder(chain.as(clinic), order.order);
    expect(await balance()).toBe(before);
  });

  test("a trained model is published and its use pays developer, host, commons and the cohort's pot", async () => {
    const training = await draft(OrderKind.Training);
    await fundOrder(chain.as(buyer), { draft: training, terms });
    const model = keccak256(toHex("model file"));
    const outputSalt = keccak256(toHex("salt"));
    const output = keccak256(`${outputSalt}${model.slice(2)}`);
    const receipt = await deliver(training.order, { output });
    await chain.advance(4);
    await settleOrder(chain.as(buyer), training.order);

    const modelListing: Listing = {
      ...listing,
      salt: toHex(1, { size: 32 }),
      price: 10n * DOLLAR,
      custodianBps: 1_500,
      curatorBps: 6_500,
      modes: MODES.MODEL_USE,
      population: 0,
      privacyCap: 0n,
      terms: { ...terms, duo: DUO.NRES, royaltyBps: 0 },
    };
    const modelVersion: Version = { ...version, contentRoot: model, consentRoot: EMPTY_ROOT, count: 0 };
    const parents = [{ asset: dataset, contributorsRoot: receipt.contributorsRoot, shareBps: 2_000 }];
    const custody = { curator: buyer.address, listing: modelListing, version: modelVersion };
    const publication = {
      listing: modelListing,
      version: modelVersion,
      parents,
      order: training.order,
      receipt,
      outputSalt,
      datasetTerms: terms,
      custodySignature: await signCustody(chain.deployment, custody, hospital),
    };
    const other = { ...publication, version: { ...modelVersion, contentRoot: keccak256("0x01") } };
    await expect(publishModel(chain.as(buyer), other)).rejects.toMatchObject({
      code: "AssetRegistry_NotTrainedByReceipt",
    });
    const { asset } = await publishModel(chain.as(buyer), publication);

    const use = await buildOrder(chain.reader, {
      buyer: clinic.address,
      asset,
      kind: OrderKind.ModelUse,
      uses: DUO.USE_CLINICAL_CARE,
      country: 276,
      project: ZERO,
      job: keccak256(toHex("inference")),
      recipientKey: keccak256("0x02"),
      privacyCap: 0n,
    });
    await fundOrder(chain.as(clinic), { draft: use, terms: modelListing.terms });
    const none = { inputRoot: ZERO, contributorsRoot: ZERO, totalWeight: 0n, cohort: 0, privacyCost: 0n };
    await deliver(use.order, none);
    await chain.advance(4);
    await settleOrder(chain.as(clinic), use.order);
    const { Payouts, Treasury } = chain.deployment.contracts;
    const settled = await chain.reader.publicClient.getContractEvents({
      address: Payouts,
      abi: payoutsAbi,
      fromBlock: 0n,
      strict: true,
      args: { order: hashStruct(chain.deployment, "Order", use.order) },
    });
    const credits = settled.flatMap((e) =>
      e.eventName === "Credited" ? [[e.args.payee, e.args.amount]] : [],
    );
    expect(credits).toEqual([
      [hospital.address, 1_500_000n],
      [buyer.address, 6_500_000n],
      [Treasury, 200_000n],
    ]);
    expect(await readPot(chain.reader, { token: dollar, pot: potKey(asset) })).toBe(2n * DOLLAR);
    await distribute(chain.as(clinic), { token: dollar, asset, parents });
    expect(await readPot(chain.reader, { token: dollar, pot: potKey(asset) })).toBe(0n);
    const cohortPot = potKey(dataset, receipt.contributorsRoot);
    expect(await readPot(chain.reader, { token: dollar, pot: cohortPot })).toBe(2n * DOLLAR);
  });

  test("a buyer's signed acceptance pays at once, whoever sends it; nobody else's does", async () => {
    const accepted = await draft(OrderKind.Analysis);
    const agreement = "agreement";
    await expect(
      fundOrder(chain.as(buyer), { draft: accepted, terms, agreement: "another text" }),
    ).rejects.toMatchObject({ code: "SDK_AGREEMENT_MISMATCH" });
    const { id } = await fundOrder(chain.as(buyer), { draft: accepted, terms, agreement });
    await deliver(accepted.order);
    const sign = (by: typeof buyer) => signStruct(chain.deployment, "Acceptance", { order: id }, by);
    const { order } = accepted;
    await expect(
      acceptOrder(chain.as(clinic), { order, buyerSignature: await sign(clinic) }),
    ).rejects.toMatchObject({ code: "AccessEscrow_NotBuyer" });
    await acceptOrder(chain.as(clinic), { order, buyerSignature: await sign(buyer) });
    expect((await readOrderStatus(chain.reader, id)).state).toBe(OrderState.Settled);
  });

  test("a mandate is closed by anyone when its time is over, and its buyer has the money back", async () => {
    const { timestamp } = await chain.reader.publicClient.getBlock();
    const request = {
      buyer: buyer.address,
      asset: dataset,
      kind: OrderKind.Analysis,
      uses: DUO.USE_HEALTH,
      country: 276,
      project: ZERO,
      job: keccak256(toHex("job")),
      recipientKey: keccak256(toHex("recipient")),
      privacyCap: 1_000_000_000n,
      runs: 2,
      until: Number(timestamp) + 60,
    };
    const { mandate, prepaid, token } = await buildMandate(chain.reader, request);
    expect(prepaid).toBe(2n * 102n * DOLLAR); // twice the price and 2 % of it
    const { id } = await createMandate(chain.as(buyer), { mandate, prepaid, token });
    await expect(runMandate(chain.as(clinic), { mandate, terms })).rejects.toMatchObject({
      code: "Mandates_NoNewVersion",
    });
    await expect(closeMandate(chain.as(clinic), mandate)).rejects.toMatchObject({
      code: "Mandates_TooEarly",
    });
    await chain.advance(70);
    await closeMandate(chain.as(clinic), mandate);
    const status = await readMandateStatus(chain.reader, id);
    expect(status).toMatchObject({ state: MandateState.Closed, runs: 0, balance: 0n });
  });

  test("a new version replaces the old for orders", async () => {
    const old = await draft(OrderKind.Analysis);
    await addVersion(chain.as(hospital), { asset: dataset, version });
    await expect(fundOrder(chain.as(buyer), { draft: old, terms })).rejects.toMatchObject({
      code: "AccessEscrow_VersionNotCurrent",
    });
  });
});

describe("the treasury", () => {
  const treasurer = devAccount(15);
  const balanceOf = (account: Address) =>
    chain.reader.publicClient.readContract({
      address: dollar,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [account],
    });

  test("a fee ends there, whoever collects it, and a grant by vote vests", async () => {
    const before = await readTreasury(chain.reader, dollar);
    // The fees of the three settled orders of this file at least: of 100 dollars each, 2 %.
    expect(before.balance).toBe(0n);
    expect(before.uncollected).toBeGreaterThanOrEqual(4n * DOLLAR);
    await collectFees(chain.as(clinic), dollar);
    const whole = before.uncollected;
    // 5 % at once, half in all.
    expect(await readTreasury(chain.reader, dollar)).toMatchObject({
      balance: whole,
      uncollected: 0n,
      payable: { atOnce: whole / 20n, announced: whole / 2n },
    });
    await delegateAll(chain);
    const { timestamp } = await chain.reader.publicClient.getBlock();
    const vesting = { start: timestamp + 1_000n, duration: 1_000n };
    const given = grant(dollar, treasurer.address, whole / 20n, vesting);
    const receipt = await enact(chain, [encodePayment(chain.deployment, given)], "# A grant");
    const [paid] = parseEventLogs({ abi: treasuryAbi, eventName: "Paid", logs: receipt.logs });
    const { wallet } = paid!.args;
    expect(await balanceOf(wallet)).toBe(whole / 20n);
    expect(await readGrant(chain.reader, { wallet, token: dollar })).toMatchObject({
      owner: treasurer.address,
      start: vesting.start,
      end: vesting.start + 1_000n,
      released: 0n,
      releasable: 0n,
    });
    await chain.advance(3_000);
    await releaseGrant(chain.as(clinic), { wallet, token: dollar });
    expect(await balanceOf(treasurer.address)).toBe(whole / 20n);
  });

  test("more than the cap is refused at the execution, announced, and paid by anyone after the delay", async () => {
    const { announcementDelay, windowSeconds } = await readTreasuryRules(chain.reader);
    await chain.advance(windowSeconds + 10);
    const { payable } = await readTreasury(chain.reader, dollar);
    const large = payment(dollar, treasurer.address, payable.announced);
    await expect(enact(chain, [encodePayment(chain.deployment, large)], "# All of it")).rejects.toMatchObject(
      { code: "Treasury_CapExceeded" },
    );
    await enact(chain, [encodeAnnouncement(chain.deployment, large, ZERO)], "# Half of it, later");
    const due = { payment: large, salt: ZERO };
    await expect(payAnnounced(chain.as(clinic), due)).rejects.toMatchObject({ code: "Treasury_TooEarly" });
    await chain.advance(announcementDelay);
    const had = await balanceOf(treasurer.address);
    await payAnnounced(chain.as(clinic), due);
    expect(await balanceOf(treasurer.address)).toBe(had + payable.announced);
    await expect(payAnnounced(chain.as(clinic), due)).rejects.toMatchObject({
      code: "Treasury_NotAnnounced",
      hint: expect.stringContaining("announcement"),
    });
    const id = announcementId(large, ZERO);
    await expect(
      enact(chain, [encodeAnnouncementRevocation(chain.deployment, id)], "# Too late"),
    ).rejects.toMatchObject({ code: "Treasury_NotAnnounced" });
  });
});
