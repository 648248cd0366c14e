import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from "graphql";
import { encodeAbiParameters, type Hex, keccak256, toHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/generate/files.ts";
import { subgraphApi } from "../../scripts/generate/subgraphApi.ts";
import * as texts from "../../sdk/src/generated/queryTexts.ts";
import { act, commons } from "./contracts.ts";
import { pass, version, word, ZERO } from "./market.ts";
import { indexed, missing, query, rpc, serve, startChain, startIndexer, stopAll, waitFor } from "./node.ts";
import { misbehave, prepay } from "./conduct.ts";
import { issue } from "./issuance.ts";
import { names, payOut, reward } from "./rewards.ts";
import * as story from "./story.ts";
import { spend } from "./treasury.ts";

const lower = (text: string): string => text.toLowerCase();
const wordOf = (value: bigint): Hex => toHex(value, { size: 32 });

if (missing) console.warn(`Tests of the subgraph are skipped: ${missing}.`);

describe.skipIf(missing)("the subgraph, on a real chain and a real graph-node", { timeout: 60_000 }, () => {
  const { buyer, curator, developer, holder, other, stranger, operators, subjects } = story.people;
  let p: Awaited<ReturnType<typeof story.prologue>>;
  let datasets: Awaited<ReturnType<typeof story.listDatasets>>;
  let data: Awaited<ReturnType<typeof story.tradeData>>;
  let model: Awaited<ReturnType<typeof story.tradeModel>>;
  let channel: Hex;
  let conduct: Awaited<ReturnType<typeof misbehave>>;
  let fake: string;
  let consents: Awaited<ReturnType<typeof story.consent>>;
  let taken: Awaited<ReturnType<typeof story.takeOver>>;
  let vote: Awaited<ReturnType<typeof story.govern>>;
  let later: Awaited<ReturnType<typeof story.changeEscrow>>;
  let standing: Awaited<ReturnType<typeof story.stand>>;
  let ruled: Awaited<ReturnType<typeof story.quarrel>>;
  let judged: Awaited<ReturnType<typeof story.arbitrate>>;
  let laterMandate: Hex;
  let rewards: Awaited<ReturnType<typeof reward>>;
  let paidOut: Awaited<ReturnType<typeof payOut>>;
  let spent: Awaited<ReturnType<typeof spend>>;
  let issued: Awaited<ReturnType<typeof issue>>;
  let asset: Hex;

  async function tell(): Promise<void> {
    datasets = await story.listDatasets(p);
    asset = wordOf(datasets.first.asset);
    data = await story.tradeData(p, datasets.first.asset);
    model = await story.tradeModel(p, datasets.first.asset);
    channel = await prepay(p, model.model);
    conduct = await misbehave(p, pass);
    fake = await story.pretendToSettle(p, datasets.first.asset, data.analysis.id);
    consents = await story.consent(p, datasets.first.asset);
    taken = await story.takeOver(p, datasets.second);
    vote = await story.govern(p);
    await story.sellOn(p, datasets.second);
    later = await story.changeEscrow(p, datasets.first.asset);
    standing = await story.stand(p);
    ruled = await story.quarrel(p, standing.asset);
    judged = await story.arbitrate(p, standing.asset);
    laterMandate = await story.standAtLater(p, standing.asset, later.escrow);
    rewards = await reward(p, datasets.first.asset);
    paidOut = await payOut(p);
    spent = await spend(p);
    // Last, since a year passes.
    issued = await issue(p, data.analysis.fixed);
  }

  beforeAll(async () => {
    await startChain();
    p = await story.prologue();
    const addresses = {
      AssetRegistry: p.assets,
      ConsentRegistry: p.consents,
      DataUseAuthority: p.dataUse,
      GatewayRegistry: p.gateways,
      AccessEscrow: p.escrow,
      Mandates: p.mandates,
      Payouts: p.payouts,
      SalusGovernor: p.governor,
      SalusToken: p.token,
      Issuance: p.issuance,
      TimelockController: p.timelock,
      LogCheckpoints: p.logs,
      Slashing: p.slashing,
      Panels: p.panels,
      UsageChannel: p.channels,
      Treasury: p.treasury,
      ContributorRewards: p.rewards,
    };
    const starting = startIndexer(
      Object.fromEntries(Object.entries(addresses).map(([name, { address }]) => [name, address])),
    );
    await Promise.all([starting, tell()]);
    await indexed();
    // A file's content is written with the block after the one in which it was found.
    await waitFor("the descriptors", async () => {
      await rpc("evm_mine");
      await indexed();
      return (await query("{ descriptors(first: 100) { id } }")).descriptors.length === 7;
    });
  }, 150_000);

  afterAll(stopAll, 30_000);

  it("reads a listing that takes four events of one transaction", async () => {
    const { asset: dataset } = await query(texts.datasetQuery, { id: asset });
    expect(dataset).toMatchObject({
      id: asset,
      tokenId: datasets.first.asset.toString(),
      kind: "Dataset",
      curator: lower(curator!.address),
      lister: lower(curator!.address),
      status: "Listed",
      price: "1000003",
      token: { id: lower(p.dollar.address), index: 1, allowed: true },
      modes: 7,
      allowsAnalysis: true,
      allowsTraining: true,
      allowsDownload: true,
      twoPerson: false,
      duo: "2",
      royaltyBps: 2000,
      disease: ZERO,
      agreement: word(0xa9),
      custodianBps: 2000,
      curatorBps: 1500,
      versionCount: 1,
      recordCount: "10",
      listedIn: datasets.first.transaction,
      custodian: { id: "0x00000001", number: 1, name: "Hospital 1", operator: lower(operators[0]!.address) },
      population: { id: "0x00000001", number: 1, cap: "1000000000", spent: "3000" },
      version: { id: `${asset}00000001`, number: 1, consentRoot: word(0xc1), eligibility: word(0xe1) },
      orderCount: 6,
      settledCount: 4,
    });
    expect(dataset.gatewaySet.members.map((member: any) => member.number)).toEqual([1, 2, 3]);
    expect(dataset.gatewaySet.threshold).toBe(2);
    expect(dataset.transitions.map((transition: any) => transition.status)).toEqual(["Listed"]);
  });

  it("finds a descriptor by the CID of its digest and makes it searchable", async () => {
    const { assets } = await query(texts.datasetsQuery, {
      where: {
        descriptor_: { searchText_contains: "hemoglobin", country: "DE", conditionCodes_contains: ["E11.9"] },
      },
    });
    expect(assets).toHaveLength(1);
    expect(assets[0].id).toBe(asset);
    expect(assets[0].descriptor).toMatchObject({
      id: datasets.descriptor,
      problem: null,
      title: "Type 2 Diabetes at Nord",
      country: "DE",
      publisher: "Klinikum Nord",
      conditionCodes: ["E11.9", "I10"],
      conditions: ["E11.9", "I10"],
      columns: ["hba1c", "age"],
      schemas: ["observations"],
    });
    const none = await query(texts.datasetsQuery, { where: { descriptor_: { country: "FR" } } });
    expect(none.assets).toEqual([]);
    expect((await query(texts.datasetsQuery)).assets).toHaveLength(3);
    const { asset: whole } = await query(texts.datasetQuery, { id: asset });
    expect(JSON.parse(whole.descriptor.raw)).toEqual(story.DESCRIPTOR);
  });

  it("keeps a place for descriptors that cannot be read, and a shared one once", async () => {
    const { asset: second } = await query(
      "query ($id: ID!) { asset(id: $id) { versions(orderBy: number) { number descriptor { problem title description country publisher conditions conditionCodes columns schemas searchText } } } }",
      { id: wordOf(datasets.second) },
    );
    const descriptors = second.versions.map((version: any) => version.descriptor);
    expect(descriptors.map((descriptor: any) => descriptor.problem)).toEqual([
      "NotJson",
      null,
      "NotAnObject",
      "TooLarge",
      "NotJson",
      null,
      null,
    ]);
    expect(descriptors[1].title).toBe("Type 2 Diabetes at Nord");
    expect(descriptors[5]).toMatchObject({ title: "", country: null, columns: ["a"] });
    // Cut at 300 UTF-16 units, but not through a character; a zero character is none.
    expect(descriptors[6]).toMatchObject({
      title: "x".repeat(299),
      description: "nul  byte",
      country: "CH",
      publisher: "Inselspital",
      conditions: ["Hypertension", "Asthma"],
      conditionCodes: ["I10", "Asthma"],
      columns: ["weight"],
      schemas: ["omop"],
    });
    expect(descriptors[6].searchText).toContain("\nhypertension\nasthma\n");
    expect(descriptors[6].searchText).toContain("\nbody weight\n");
  });

  it("follows an order to its settlement, with the exact split", async () => {
    const { order } = await query(texts.orderQuery, { id: data.analysis.id });
    expect(order).toMatchObject({
      id: data.analysis.id,
      buyer: lower(buyer!.address),
      kind: "Analysis",
      state: "Settled",
      price: "1000003",
      feeBps: 250,
      fee: "25000",
      cohort: "10",
      job: word(0x10c),
      deliverBy: String(data.analysis.fixed.deliverBy),
      disputeWindow: "20",
      escrow: { id: lower(p.escrow.address) },
      version: { number: 1 },
      custodian: { number: 1 },
    });
    expect(order.transitions.map((transition: any) => transition.state)).toEqual([
      "Funded",
      "Delivered",
      "Settled",
    ]);
    expect(order.transitions.map((transition: any) => transition.transaction)).toEqual([
      data.analysis.fundedIn,
      data.analysis.deliveredIn,
      data.analysis.settledIn,
    ]);
    // 1000003: floor 20 % = 200000, floor 15 % = 150000, the rest 650003; fee floor 2.5 % = 25000.
    expect(order.settlement).toMatchObject({
      pot: "650003",
      custodian: "200000",
      custodianPayee: lower(operators[0]!.address),
      curator: "150000",
      curatorPayee: lower(curator!.address),
      fee: "25000",
      refund: "0",
      potCredits: [{ amount: "650003", pot: { key: asset } }],
    });
    const credits = order.settlement.credits.map(({ payee, amount }: any) => [payee, amount]).sort();
    expect(credits).toEqual(
      [
        [lower(operators[0]!.address), "200000"],
        [lower(curator!.address), "150000"],
        [commons, "25000"],
      ].sort(),
    );
  });

  it("keeps every field of a receipt and who signed it", async () => {
    const { order } = await query(texts.orderQuery, { id: data.analysis.id });
    const { signers, ...kept } = order.receipt;
    const { order: named, ...stated } = data.analysis.receipt;
    expect(kept.id).toBe(named);
    const asText = Object.fromEntries(
      Object.entries(stated).map(([key, value]) => [
        key,
        typeof value === "string" || key === "attestation" ? value : String(value),
      ]),
    );
    expect(kept).toMatchObject(asText);
    expect(Object.keys(asText)).toHaveLength(16);
    expect(signers.map((signer: any) => signer.number)).toEqual([1, 2]);
  });

  it("tells a partial download, a failure and an expiry apart", async () => {
    const [download, failed, expired] = await Promise.all(
      [data.download, data.failed, data.expired].map(
        async (id) => (await query(texts.orderQuery, { id })).order,
      ),
    );
    // 4 of 10: price floor 400001.2, fee 10000; 20 % = 80000, 15 % = 60000, the rest 260001; back 600002 + 15000.
    expect(download).toMatchObject({
      state: "Settled",
      released: "4",
      report: { count: "4", root: word(0xd0) },
      settlement: { pot: "260001", custodian: "80000", curator: "60000", fee: "10000", refund: "615002" },
    });
    expect(download.receipt.signers).toHaveLength(3);
    expect(failed).toMatchObject({
      state: "Refunded",
      receipt: null,
      failure: { reason: 7, detail: word(0xf0), signers: [{ number: 1 }] },
      refund: { reason: "Failed", amount: "1025003" },
    });
    expect(expired).toMatchObject({
      state: "Refunded",
      failure: null,
      refund: { reason: "Expired", amount: "1025003" },
    });
    expect(expired.transitions.map((transition: any) => transition.state)).toEqual(["Funded", "Refunded"]);
  });

  it("keeps the evidence of an order, who may attest, and what was withdrawn", async () => {
    const committee = lower(other!.address);
    const { order } = await query(texts.orderQuery, { id: data.failed });
    expect(order.evidence).toEqual({
      bytes: data.evidence,
      kinds: [11],
      issuers: [committee],
      descent: false,
    });
    expect((await query(texts.orderQuery, { id: data.expired })).order.evidence).toBeNull();
    const authority = await query(texts.dataUseAuthorityQuery, { now: "3999999999" });
    // Listed for six kinds first, then for ethics approvals (bit 11) only.
    expect(authority.issuers).toEqual([{ id: committee, kinds: "2048", until: "4000000000" }]);
    expect(authority.diseaseClosures).toMatchObject([{ root: word(0xd15), file: word(0xf11e) }]);
    expect((await query(texts.dataUseAuthorityQuery, { now: "4000000001" })).issuers).toEqual([]);
    const { attestationRevocations } = await query(texts.attestationRevocationsQuery, {
      attestations: [word(0xa7), word(0xa8)],
    });
    expect(attestationRevocations).toMatchObject([{ issuer: committee, attestation: word(0xa7) }]);
    const history = await query(`{ issuerChanges(orderBy: ordinal) { kinds } }`);
    // 32 + 1,024 + 2,048 + 32,768 + 65,536 + 131,072.
    expect(history.issuerChanges).toEqual([{ kinds: "232480" }, { kinds: "2048" }]);
  });

  it("gives a buyer, an asset and a span of time their orders", async () => {
    const mine = await query(texts.ordersByBuyerQuery, { buyer: lower(buyer!.address) });
    expect(mine.orders.map((order: any) => order.id)).toEqual([
      judged.silent,
      judged.ruled,
      ruled.accepted,
      ruled.silent,
      ruled.refunded,
      standing.order,
      later.order,
      data.expired,
      data.failed,
      data.download,
      data.analysis.id,
    ]);
    const log = await query(texts.ordersByAssetQuery, { asset, first: 2, skip: 1 });
    expect(log.orders.map((order: any) => order.id)).toEqual([model.training, data.expired]);
    const jobs = await query(texts.ordersByCustodianQuery, { custodian: "0x00000001", states: ["Refunded"] });
    expect(jobs.orders.map((order: any) => order.id)).toEqual([
      data.failed,
      data.expired,
      ruled.refunded,
      judged.ruled,
    ]);
    const all = await query(texts.datasetUseQuery, { dataset: asset, from: "0", until: "9000000000" });
    expect(all.receipts.map((receipt: any) => receipt.order.id)).toEqual([
      data.analysis.id,
      data.download,
      model.training,
      later.order,
    ]);
    const [, second] = all.receipts;
    const page = { dataset: asset, from: "0", until: "9000000000", after: all.receipts[0].ordinal, first: 1 };
    expect((await query(texts.datasetUseQuery, page)).receipts[0].id).toBe(second.id);
    const early = await query(texts.datasetUseQuery, { dataset: asset, from: "0", until: second.timestamp });
    expect(early.receipts).toHaveLength(1);
  });

  it("follows a model to its training and its pot to the contributors", async () => {
    const { asset: published } = await query(texts.modelQuery, { id: wordOf(model.model) });
    const potKey = keccak256(
      encodeAbiParameters([{ type: "uint256" }, { type: "bytes32" }], [datasets.first.asset, word(0xa6)]),
    );
    expect(published).toMatchObject({
      kind: "Model",
      curator: lower(developer!.address),
      descriptor: null,
      earned: "10001",
      trainingOrder: { id: model.training, receipt: { contributorsRoot: word(0xa6) } },
      parents: [
        {
          index: 0,
          declared: false,
          shareBps: 2500,
          contributorsRoot: word(0xa6),
          potKey,
          parent: { id: asset },
        },
      ],
    });
    const { models } = { models: (await query(texts.modelsQuery)).assets };
    expect(models.map((one: any) => one.id)).toEqual([wordOf(model.model)]);
    // 10001: floor 10 % = 1000, floor 65 % = 6500, the rest 2501, all of it to the one parent. Then a voucher's 5001.
    const own = await query(texts.potsQuery, { asset: wordOf(model.model) });
    expect(own.pots).toMatchObject([{ balance: "5001", settled: "7502", distributed: "2501" }]);
    const { pots } = await query(texts.potsQuery, { asset });
    const contributors = pots.find((pot: any) => pot.key === potKey);
    expect(contributors).toMatchObject({
      balance: "0",
      received: "2501",
      collected: "2501",
      settled: "0",
      contributorsRoot: word(0xa6),
    });
    expect(contributors.movesIn).toMatchObject([
      { amount: "2501", from: { asset: { id: wordOf(model.model) } } },
    ]);
  });

  it("counts as settlement only what an escrow deposits", async () => {
    const { pots } = await query(texts.potsQuery, { asset });
    const dollars = pots.find((pot: any) => pot.key === asset && pot.token.id === lower(p.dollar.address));
    // Analyses and training 3 × 650003, download 260001; a stranger's 7 is a gift. All of it went to the contributors.
    const whole = { settled: "2210010", donated: "7", collected: "2210017", balance: "0" };
    expect(dollars).toMatchObject(whole);
    const other = pots.find((pot: any) => pot.token.id === lower(fake));
    expect(other).toMatchObject({ settled: "0", donated: "3", token: { allowed: false } });
    expect(other.credits).toMatchObject([{ settlement: null, depositor: lower(stranger!.address) }]);
    const { order } = await query(texts.orderQuery, { id: data.analysis.id });
    expect(order.settlement.credits).toHaveLength(3);
    expect(order.settlement.potCredits).toHaveLength(1);
    const { settlements } = await query(texts.settlementsQuery, { asset });
    expect(settlements.map((settlement: any) => settlement.id)).toEqual([
      later.order,
      model.training,
      data.download,
      data.analysis.id,
    ]);
    const { asset: dataset } = await query(texts.datasetQuery, { id: asset });
    // What was due, without fee and refund.
    expect(dataset.earned).toBe(String(3 * 1000003 + 400001));
  });

  it("keeps a payee's balance, credits and withdrawals", async () => {
    const { payeeBalances } = await query(texts.payeeBalancesQuery, { payee: lower(curator!.address) });
    // Withdrawn after three settlements: 150000 + 60000 + 150000; four more came later.
    expect(payeeBalances).toMatchObject([
      {
        balance: "600000",
        credited: "960000",
        withdrawn: "360000",
        withdrawals: [{ to: lower(other!.address), amount: "360000" }],
      },
    ]);
    expect(payeeBalances[0].credits).toHaveLength(7);
  });

  it("keeps to whom a payee lets others pay, and what was paid so", async () => {
    const payee = lower(paidOut.payee);
    const { payoutRecipient } = await query(texts.payoutRecipientQuery, { payee });
    const [first, second] = names.wallets;
    expect(payoutRecipient).toMatchObject({ id: payee, payee, recipient: null });
    expect(
      payoutRecipient.changes.map(({ recipient, transaction }: any) => [recipient, transaction]),
    ).toEqual([
      [null, paidOut.named[2]],
      [second, paidOut.named[1]],
      [first, paidOut.named[0]],
    ]);
    expect(payoutRecipient.changedAt).toBe(payoutRecipient.changes[0].timestamp);
    const { payeeBalances } = await query(texts.payeeBalancesQuery, { payee });
    // Six analyses and trainings at 200000, a download 80000, a use of the model 1000, a voucher 2000.
    expect(payeeBalances).toMatchObject([
      {
        balance: "0",
        credited: "1283000",
        withdrawn: "1283000",
        withdrawals: [{ to: second, amount: "1283000", transaction: paidOut.paid }],
      },
    ]);
    const nobody = await query(texts.payoutRecipientQuery, { payee: lower(curator!.address) });
    expect(nobody.payoutRecipient).toBeNull();
  });

  it("tells what was issued for a fee: its order, its epoch, its tokens, the pot that they went to", async () => {
    const { issuance, feePeriods } = await query(texts.issuanceQuery, {});
    // 2.5 % of 1,000,003, at ten cents of a dollar with six decimals for 10^18.
    const tokens = (25_000n * 10n ** 18n) / 100_000n;
    expect(issuance).toMatchObject({
      contract: lower(p.issuance.address),
      fees: "25000",
      minted: tokens.toString(),
      orderCount: 1,
    });
    expect(feePeriods).toMatchObject([
      { number: 0, fees: "25000", orderCount: 1, price: "100000", minted: tokens.toString() },
    ]);
    expect(feePeriods[0].cap).toBe((10n ** 21n / 100n).toString());
    expect(feePeriods[0].supply).toBe((10n ** 21n).toString());
    const { tokenEntitlement } = await query(texts.entitlementQuery, { order: data.analysis.id });
    const [custodian, curatorPart, pot] = issued.minted;
    expect(issued.minted.reduce((sum, { value }) => sum + value, 0n)).toBe(tokens);
    expect(tokenEntitlement).toMatchObject({
      fee: "25000",
      minted: true,
      custodianPayee: custodian!.to,
      custodianTokens: custodian!.value.toString(),
      curatorPayee: curatorPart!.to,
      curatorTokens: curatorPart!.value.toString(),
      potTokens: pot!.value.toString(),
      transaction: issued.registeredIn,
      mintedIn: issued.mintedIn,
      asset: { id: asset },
      epoch: { number: 0, price: "100000" },
    });
    const { tokenEntitlements } = await query(texts.entitlementsQuery, { payee: custodian!.to });
    expect(tokenEntitlements).toEqual([tokenEntitlement]);
    const { pots } = await query(texts.potsQuery, { asset });
    const salus = pots.find((known: any) => known.token.id === lower(p.token.address));
    expect(salus).toMatchObject({ key: asset, issued: pot!.value.toString(), settled: "0", donated: "0" });
    expect(pot!.to).toBe(lower(p.payouts.address));
    const { parameters } = await query(texts.parametersQuery, {});
    expect(parameters.find(({ name }: any) => name === "Issuance.floor")).toMatchObject({ value: "100000" });
  });

  it("follows pots to the contributors' rewards, and what of them is claimed and swept", async () => {
    const { rewardAccounts } = await query(REWARDED, { dataset: asset });
    const [account] = rewardAccounts;
    expect(rewardAccounts).toHaveLength(1);
    // 2210017 of the dataset's own pot and 2501 of its model's; 700001 + 400000 + 200500 of it claimed.
    expect(account).toMatchObject({
      id: `${lower(p.dollar.address)}${asset.slice(2)}`,
      dataset: { id: asset },
      datasetId: asset,
      token: { id: lower(p.dollar.address) },
      funded: "2212518",
      claimed: "1300501",
      swept: "30003",
      lastRoot: { epoch: String(rewards.third.epoch) },
    });
    const { collections, claims, sweeps } = account;
    expect(collections.map(({ pot, amount, transaction }: any) => [pot.key, amount, transaction])).toEqual([
      [asset, "2210017", rewards.collected],
      [expect.not.stringMatching(asset), "2501", rewards.collected],
    ]);
    expect(collections[1].pot).toMatchObject({ contributorsRoot: word(0xa6), asset: { id: asset } });
    const [ada, ben] = [names.ada, names.ben].map(({ address }) => lower(address));
    // Ben's word paid up to 400000 of his 499999, then all of 600500.
    expect(
      claims.map(({ subject, to, amount, transaction }: any) => [subject, to, amount, transaction]),
    ).toEqual([
      [ada, ada, "700001", rewards.toSelf],
      [ben, names.purse, "400000", rewards.toPurse],
      [ben, names.purse, "200500", rewards.rest],
    ]);
    expect(sweeps).toMatchObject([
      { subject: lower(rewards.subject), amount: "30003", transaction: rewards.swept },
    ]);
    const { rewardClaims } = await query(texts.rewardClaimsToQuery, { to: names.purse });
    expect(rewardClaims).toMatchObject([
      { amount: "200500", account: { datasetId: asset }, transaction: rewards.rest },
      { amount: "400000", account: { datasetId: asset }, transaction: rewards.toPurse },
    ]);
  });

  it("keeps reward roots, the one that fell too, and the leaves that were demanded", async () => {
    const { rewardAccounts } = await query(texts.rewardsQuery, { dataset: asset });
    const { first, wrong, third } = rewards;
    const posted = (root: typeof first) => ({
      epoch: String(root.epoch),
      root: root.tree.root,
      leafFile: root.leafFile,
      count: "4",
      transaction: root.transaction,
      signers: [{ number: 1 }, { number: 2 }],
      openDemands: 0,
    });
    expect(rewardAccounts).toMatchObject([
      {
        funded: "2212518",
        roots: [
          { ...posted(third), total: "2212518", fault: null },
          { ...posted(wrong), total: "2200000", fault: "Decrease" },
          { ...posted(first), total: "2000018", fault: null },
        ],
      },
    ]);
    for (const { claimableAt, timestamp } of rewardAccounts[0].roots) {
      expect(Number(claimableAt) - Number(timestamp)).toBe(600);
    }
    const [stood, fell, last] = (await query(REWARDED, { dataset: asset })).rewardAccounts[0].roots;
    const challenger = lower(names.challenger.address);
    expect(stood).toMatchObject({ challenger: null, voidedAt: null });
    expect(stood.demands).toMatchObject([
      { index: "1", challenger, answerer: lower(names.answerer.address) },
    ]);
    // The root fell for another reason before this leaf was shown.
    expect(fell).toMatchObject({ challenger: lower(stranger!.address) });
    expect(fell.demands).toMatchObject([{ index: "2", challenger, answerer: null }]);
    expect(Number(fell.voidedAt)).toBeGreaterThanOrEqual(Number(fell.demands[0].timestamp));
    expect(last).toMatchObject({ challenger: null, voidedAt: null, demands: [] });
    for (const { answerBy, timestamp } of [...stood.demands, ...fell.demands]) {
      expect(Number(answerBy) - Number(timestamp)).toBe(400);
    }
  });

  it("keeps grant and revocation within one block in their order", async () => {
    const id = `${asset}${subjects[0]!.address.slice(2).toLowerCase()}`;
    const { consent } = await query(texts.consentHistoryQuery, { id });
    expect(consent).toMatchObject({
      granted: false,
      purposes: "0",
      modes: 0,
      expiry: "0",
      nonce: String(1 + 65_536),
    });
    expect(
      consent.changes.map(({ granted, nonce, purposes, transaction }: any) => [
        granted,
        nonce,
        purposes,
        transaction,
      ]),
    ).toEqual([
      [false, "65537", "0", consents.revoked],
      [true, "1", "3", consents.granted],
    ]);
    expect(consent.changes[0].block).toBe(consent.changes[1].block);
    expect(consent.changedAt).toBe(consent.changes[0].block);
  });

  it("keeps several consents of one transaction, and none of a skipped item", async () => {
    const range = { dataset: asset, fromBlock: "0", toBlock: "100000" };
    const { consentChanges } = await query(texts.datasetConsentChangesQuery, range);
    expect(consentChanges.map(({ subject, granted, purposes }: any) => [subject, granted, purposes])).toEqual(
      [
        [lower(subjects[0]!.address), true, "3"],
        [lower(subjects[0]!.address), false, "0"],
        [lower(subjects[1]!.address), true, "3"],
        [lower(subjects[2]!.address), true, (2n ** 127n).toString()],
      ],
    );
    expect(new Set(consentChanges.slice(2).map((change: any) => change.transaction))).toEqual(
      new Set([consents.batch]),
    );
    const page = { ...range, after: consentChanges[2].ordinal };
    expect((await query(texts.datasetConsentChangesQuery, page)).consentChanges).toHaveLength(1);
  });

  it("follows a provisional subject through contest and hand-over, and tells who spoke for it", async () => {
    const dataset = wordOf(datasets.second);
    const subject = lower(taken.subject);
    const { handOvers, proxies } = await query(texts.subjectStandingQuery, { dataset, subject });
    const common = { controller: lower(taken.person.address), codeKey: lower(taken.code.address) };
    expect(handOvers).toMatchObject([
      { ...common, number: "1", contested: false, contestedBy: null },
      { ...common, number: "0", contested: true, contestedBy: "CODE" },
    ]);
    expect(Number(handOvers[0].inForceFrom)).toBe(Number(handOvers[0].timestamp) + 20);
    expect(proxies).toEqual([]);
    const { consent } = await query(texts.consentHistoryQuery, { id: `${dataset}${subject.slice(2)}` });
    // 2^16 by the hospital, then one each for naming, the grant and removing.
    expect(consent).toMatchObject({ granted: true, purposes: "3", nonce: String(65_536 + 3) });
    expect(
      consent.changes.map(({ nonce, transaction, spokenBy }: any) => [nonce, transaction, spokenBy]),
    ).toEqual([
      ["65538", taken.granted, [{ role: "PROXY", by: lower(taken.proxy.address) }]],
      ["65536", taken.revoked, [{ role: "CUSTODIAN", by: lower(taken.operator.address) }]],
    ]);
  });

  it("follows a proposal to its execution and the parameter that it changed", async () => {
    const { proposal } = await query(texts.proposalQuery, { id: wordOf(vote.id) });
    const tokens = (count: bigint): string => (count * 10n ** 18n).toString();
    expect(proposal).toMatchObject({
      proposalId: vote.id.toString(),
      proposer: lower(holder!.address),
      title: "Raise the fee",
      description: vote.description,
      descriptionHash: vote.hash,
      targets: [lower(p.escrow.address)],
      values: ["0"],
      calldatas: [vote.call],
      state: "Executed",
      forVotes: tokens(900n),
      againstVotes: tokens(100n),
      abstainVotes: "0",
      voterCount: 2,
      executedIn: vote.executed,
    });
    expect(Number(proposal.voteEnd) - Number(proposal.voteStart)).toBe(30);
    expect(proposal.transitions.map((transition: any) => transition.state)).toEqual([
      "Proposed",
      "Queued",
      "Executed",
    ]);
    expect(
      proposal.votes.map(({ voter, support, weight, reason }: any) => [voter, support, weight, reason]),
    ).toEqual([
      [lower(holder!.address), "For", tokens(900n), "It pays for audits."],
      [lower(other!.address), "Against", tokens(100n), ""],
    ]);
    const { parameters } = await query(texts.parametersQuery);
    const fee = parameters.find(
      ({ name, contract }: any) => name === "AccessEscrow.feeBps" && contract === lower(p.escrow.address),
    );
    expect(fee.value).toBe("300");
    expect(fee.changes.map(({ previous, value }: any) => [previous, value])).toEqual([
      ["250", "300"],
      [null, "250"],
    ]);
    expect(fee.changes[0].transaction).toBe(vote.executed);
    const named = Object.fromEntries(parameters.map(({ name, value }: any) => [name, value]));
    expect(named).toMatchObject({
      "SalusGovernor.votingDelay": "2",
      "SalusGovernor.votingPeriod": "30",
      "SalusGovernor.quorumPercent": "10",
      "TimelockController.minDelay": "5",
      "AssetRegistry.escrow": later.escrow,
      "AssetRegistry.token.1": lower(p.dollar.address),
    });
    const { proposals } = await query(texts.proposalsQuery);
    expect(proposals.map(({ id, state }: any) => [id, state])).toEqual([
      [wordOf(vote.withdrawn), "Canceled"],
      [wordOf(vote.id), "Executed"],
    ]);
  });

  it("keeps what came into the treasury, what left it, grants and announcements", async () => {
    const { treasuryFlows, grants, treasuryAnnouncements } = await query(texts.treasuryQuery);
    const flows = treasuryFlows.map(({ kind, to, amount, balance }: any) => [kind, to, amount, balance]);
    const worker = lower(spent.worker);
    expect(flows).toEqual([
      ["Paid", worker, "4000", "5700"],
      ["Granted", worker, "200", "9700"],
      ["Paid", worker, "100", "9900"],
      ["Collected", null, "10000", "10000"],
    ]);
    expect(grants).toMatchObject([
      {
        id: treasuryFlows[1].grant.id,
        beneficiary: worker,
        amount: "200",
        start: "1900000000",
        end: "1900000300",
      },
    ]);
    const announcements = treasuryAnnouncements.map(({ id, amount, state }: any) => [id, amount, state]);
    expect(announcements).toEqual([
      [spent.revoked, "5000", "Revoked"],
      [spent.announced, "4000", "Paid"],
    ]);
    expect(treasuryFlows[0].announcement.id).toBe(spent.announced);
    const { parameters } = await query(texts.parametersQuery);
    const named = Object.fromEntries(parameters.map(({ name, value }: any) => [name, value]));
    expect(named).toMatchObject({ "Treasury.capBps": "600", "GatewayRegistry.minimumStake": "7" });
    expect(named["DataUseAuthority.diseaseClosure"]).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it("keeps delegates and who delegates to them", async () => {
    const { delegates } = await query(texts.delegatesQuery);
    expect(delegates.map(({ id, votes, delegatorCount }: any) => [id, votes, delegatorCount])).toEqual([
      [lower(holder!.address), (900n * 10n ** 18n).toString(), 1],
      [lower(other!.address), (100n * 10n ** 18n).toString(), 1],
    ]);
    const mine = await query(texts.delegationQuery, { holder: lower(other!.address) });
    expect(mine.delegation.delegate.id).toBe(lower(other!.address));
  });

  it("keeps what happened to an asset: versions, price, curators, status", async () => {
    const { asset: second } = await query(texts.datasetQuery, { id: wordOf(datasets.second) });
    expect(second).toMatchObject({
      curator: lower(other!.address),
      lister: lower(curator!.address),
      price: "5",
      status: "Delisted",
      versionCount: 7,
      recordCount: "25",
      descriptorDigest: datasets.contents[5],
      population: { number: 1 },
      allowsTraining: false,
    });
    expect(second.transitions.map((transition: any) => transition.status)).toEqual([
      "Listed",
      "Frozen",
      "Listed",
      "Delisted",
    ]);
    expect(second.priceChanges).toMatchObject([{ previous: "1000003", price: "5" }]);
  });

  it("listens to an escrow that was appointed later", async () => {
    const { order } = await query(texts.orderQuery, { id: later.order });
    // 1000003 at the later escrow's 1 %: floor 10000.03.
    expect(order).toMatchObject({
      state: "Settled",
      feeBps: 100,
      fee: "10000",
      escrow: { id: later.escrow },
    });
    expect(order.settlement.credits).toHaveLength(3);
    const { protocol } = await query(texts.protocolQuery);
    expect(protocol).toMatchObject({
      escrow: { id: later.escrow },
      feeBps: 100,
      tokens: [{ id: lower(p.dollar.address) }],
      datasetCount: 3,
      modelCount: 1,
      gatewayCount: 3,
      populationCount: 1,
      orderCount: 13,
      deliveredCount: 10,
      settledCount: 8,
      refundedCount: 4,
      consentChangeCount: 6,
      proposalCount: 2,
    });
  });

  it("follows a mandate from its prepayment over its runs to what goes back", async () => {
    const { mandates } = await query(texts.mandatesByBuyerQuery, { buyer: lower(buyer!.address) });
    const [atLater, ended] = mandates;
    // Three runs of at most 1100000 and 50000; one cost 1000003 and its floor of 3 %, 30000.
    expect(ended).toMatchObject({
      id: standing.id,
      asset: { id: wordOf(standing.asset), versionCount: 2 },
      kind: "Analysis",
      runs: 3,
      runCount: 1,
      afterVersion: 1,
      lastVersion: 2,
      prepaid: "3450000",
      balance: "0",
      state: "Closed",
      closeReason: "Cancelled",
      returned: "2419997",
      job: word(0x10b),
      orders: [{ id: standing.order, number: 1, version: 2, paid: "1030003", order: { state: "Funded" } }],
    });
    expect(atLater).toMatchObject({
      id: laterMandate,
      state: "Open",
      prepaid: "1150000",
      balance: "1150000",
    });
    const runnable = await query(texts.runnableMandatesQuery, {
      asset: wordOf(standing.asset),
      version: 3,
      now: "0",
    });
    expect(runnable.mandates.map(({ id }: any) => id)).toEqual([laterMandate]);
    const { order } = await query(texts.orderQuery, { id: standing.order });
    expect(order.run).toMatchObject({ number: 1, version: 2, mandate: { id: standing.id } });
  });

  it("keeps disputes, rulings and acceptances", async () => {
    const refunded = (await query(texts.orderQuery, { id: ruled.refunded })).order;
    expect(refunded).toMatchObject({
      state: "Refunded",
      dispute: { arbitrator: lower(stranger!.address), ruling: "Refund" },
      refund: { reason: "Ruled", amount: "1030003" },
    });
    expect(refunded.transitions.map(({ state }: any) => state)).toEqual([
      "Funded",
      "Delivered",
      "Disputed",
      "Refunded",
    ]);
    const [disputed] = refunded.transitions.filter(({ state }: any) => state === "Disputed");
    expect(Number(refunded.dispute.rulingUntil) - Number(disputed.timestamp)).toBe(60);
    const silent = (await query(texts.orderQuery, { id: ruled.silent })).order;
    expect(silent).toMatchObject({ state: "Settled", dispute: { ruling: null, ruledAt: null } });
    const accepted = (await query(texts.orderQuery, { id: ruled.accepted })).order;
    expect(accepted).toMatchObject({ state: "Settled", dispute: null });
    expect(accepted.acceptedAt).toBe(accepted.settlement.timestamp);
  });

  it("keeps panels, and disputes with their documents, votes and ends", async () => {
    const { panels } = await query(texts.panelsQuery);
    expect(panels).toMatchObject([{ id: judged.panel, state: "Retired", stake: "5001" }]);
    const members = panels[0].members.map(({ account, stake }: any) => [account, stake]);
    // Silent were all but the last, who lost 5,001 each.
    expect(members).toEqual(judged.members.map((member, i) => [member, i === 4 ? "5001" : "0"]));
    const first = (await query(texts.disputeQuery, { id: judged.ruled })).dispute;
    // The bond is a tenth of the price, rounded up; a fifth of it in three parts is the arbitrators'.
    expect(first).toMatchObject({
      state: "Ruled",
      party: "Buyer",
      opener: lower(buyer!.address),
      subject: null,
      seats: [0, 2, 3, 4].map((i) => judged.members[i]),
      tally: [0, 0, 3],
      ruling: "Refund",
      lied: true,
      forfeited: "0",
      documents: [{ by: lower(buyer!.address), digest: word(23) }],
      votes: [0, 2, 3].map((i) => ({
        member: judged.members[i],
        ruling: "Refund",
        lied: true,
        reason: `Reason ${i}`,
      })),
      recusals: [{ member: judged.members[1], reason: "I know the buyer." }],
      losses: [],
      order: { id: judged.ruled, state: "Refunded" },
    });
    const price = BigInt(first.order.price);
    const bond = (price + 9n) / 10n;
    const fee = bond / 5n / 3n;
    expect([first.bond, first.memberFee, first.returned]).toEqual([bond, fee, bond - 3n * fee].map(String));
    expect(Number(first.evidenceUntil) - Number(first.timestamp)).toBe(15);
    const second = (await query(texts.disputeQuery, { id: judged.silent })).dispute;
    expect(second).toMatchObject({
      state: "Silent",
      tally: [0, 0, 1],
      ruling: null,
      returned: second.bond,
      memberFee: "0",
      losses: [0, 1, 2, 3].map((i) => ({ member: judged.members[i], amount: "5001" })),
      order: { state: "Settled" },
    });
    const { disputes } = await query(texts.disputesQuery);
    expect(disputes.map(({ id }: any) => id)).toEqual([judged.silent, judged.ruled]);
  });

  it("keeps gateways and their sets", async () => {
    const { gateways, gatewaySets } = await query(texts.gatewaysQuery);
    expect(gateways.map(({ number, url, status }: any) => [number, url, status])).toEqual([
      [1, "http://g1", "Active"],
      [2, "http://moved", "Active"],
      [3, "http://late", "Removed"],
    ]);
    expect(gatewaySets).toMatchObject([{ number: 1, threshold: 2 }]);
  });

  it("follows a prepaid channel from its deposit to the refund, to the unit", async () => {
    const { channels } = await query(texts.channelsByPayerQuery, {
      payer: lower(story.people.clinic!.address),
    });
    // 20002: floor 10 % = 2000, floor 65 % = 13001, the rest 5001; fee 2.5 % = 500.05.
    expect(channels).toMatchObject([
      {
        id: channel,
        asset: { id: wordOf(model.model) },
        state: "Closed",
        paidIn: "51000",
        claimed: "20002",
        fees: "500",
        balance: "0",
        refund: "30498",
        nonce: "2",
        claims: [
          { nonce: "2", total: "20002", pot: "5001", custodian: "2000", curator: "13001", fee: "500" },
        ],
      },
    ]);
    expect(channels[0].closesAt).not.toBeNull();
    const own = await query(`{ potCredits(where: { channel: "${channel}" }) { amount settlement { id } } }`);
    expect(own.potCredits).toEqual([{ amount: "5001", settlement: null }]);
    const hosted = await query(texts.channelsByCustodianQuery, { custodian: "0x00000001" });
    expect(hosted.channels.map((one: any) => one.id)).toEqual([channel]);
  });

  it("keeps a gateway's stake, what it lost and why, and the states of its log", async () => {
    const { gateway } = await query(texts.gatewayConductQuery, { gateway: "0x00000001" });
    // 1001 less 100 withdrawn; half of 901 rounded up is 451, a fifth of that rounded down 90.
    expect(gateway).toMatchObject({ stake: "450", stakeLeaving: "0", stakeLeavesAt: null });
    expect(gateway.stakeChanges).toMatchObject([
      { kind: "Slashed", amount: "451", stake: "450" },
      { kind: "Withdrawn", amount: "100", stake: "901" },
      { kind: "Deposited", amount: "1001", stake: "1001" },
    ]);
    expect(gateway.penalties).toMatchObject([
      {
        id: conduct.slash,
        offence: "Equivocation",
        reporter: lower(stranger!.address),
        amount: "451",
        reward: "90",
      },
    ]);
    const [firstRoot, secondRoot] = conduct.roots;
    expect(gateway.equivocations).toMatchObject([{ size: "8", firstRoot, secondRoot }]);
    expect(gateway.checkpoints).toMatchObject([{ size: "8", root: conduct.posted }, { size: "3" }]);
    expect(gateway.checkpoints[0].signers.map((one: any) => one.number)).toEqual([1, 2]);
  });

  it("answers every query of the house", async () => {
    const variables: Record<string, object> = {
      attestationRevocationsQuery: { attestations: [] },
      dataUseAuthorityQuery: { now: "9" },
      consentHistoryQuery: { id: `${asset}${subjects[1]!.address.slice(2).toLowerCase()}` },
      datasetConsentChangesQuery: { dataset: asset, fromBlock: "0", toBlock: "9" },
      subjectStandingQuery: { dataset: asset, subject: lower(taken.subject) },
      datasetUseQuery: { dataset: asset, from: "0", until: "9" },
      channelsByPayerQuery: { payer: lower(buyer!.address) },
      channelsByCustodianQuery: { custodian: "0x00000001" },
      gatewayConductQuery: { gateway: "0x00000001" },
      rewardClaimsToQuery: { to: lower(buyer!.address) },
      rewardsQuery: { dataset: asset },
      delegationQuery: { holder: lower(other!.address) },
      mandatesByBuyerQuery: { buyer: lower(buyer!.address) },
      ordersByAssetQuery: { asset },
      ordersByBuyerQuery: { buyer: lower(buyer!.address) },
      ordersByCustodianQuery: { custodian: "0x00000001", states: ["Funded"] },
      entitlementsQuery: { payee: lower(buyer!.address) },
      entitlementQuery: { order: data.analysis.id },
      payeeBalancesQuery: { payee: lower(buyer!.address) },
      payoutRecipientQuery: { payee: lower(buyer!.address) },
      potsQuery: { asset },
      runnableMandatesQuery: { asset, version: 2, now: "0" },
      settlementsQuery: { asset },
    };
    for (const [name, text] of Object.entries(texts)) {
      expect(await query(text, variables[name] ?? { id: asset }), name).toBeTypeOf("object");
    }
  });

  it("has the API from which the queries are typed", async () => {
    const theirs = buildClientSchema(await query(getIntrospectionQuery()));
    const ours = buildSchema(subgraphApi(readFileSync(join(root, "subgraph/schema.graphql"), "utf8")));
    expect(differences(ours, theirs)).toEqual([]);
  });

  it("forgets what a reorganisation undoes, and nothing else", async () => {
    const before = await query(EVERYTHING);
    const height = Number(await rpc("eth_blockNumber"));
    const [, , subject] = subjects;
    const content = version({ descriptor: serve(JSON.stringify({ title: "Undone" })), count: 11 });
    await act(curator!, p.assets, "addVersion", [datasets.first.asset, content]);
    await act(subject!, p.consents, "revoke", [datasets.first.asset]);
    await act(curator!, p.assets, "setPrice", [datasets.first.asset, 77n]);
    await act(holder!, p.token, "delegate", [stranger!.address]);
    await story.pretendToSettle(p, datasets.first.asset, data.analysis.id);
    await act(stranger!, p.payouts, "setRecipient", [other!.address]);
    await act(operators[0]!, p.payouts, "setRecipient", [other!.address]);
    await act(stranger!, p.payouts, "collect", [p.dollar.address, datasets.first.asset, [ZERO]]);
    await waitFor("the other descriptor", async () => {
      await rpc("evm_mine");
      await indexed();
      return (await query(texts.datasetQuery, { id: asset })).asset.descriptor?.title === "Undone";
    });
    const changed = await query(EVERYTHING);
    expect(changed.assets.find((one: any) => one.id === asset)).toMatchObject({
      price: "77",
      version: { number: 2 },
    });
    expect(changed.consentChanges).toHaveLength(7);
    expect(changed.payoutRecipients).toHaveLength(2);
    // The 7 that were given once more.
    expect(changed.rewardAccounts[0]).toMatchObject({ funded: "2212525" });
    await rpc("anvil_reorg", [Number(await rpc("eth_blockNumber")) - height, []]);
    await rpc("evm_mine");
    await indexed();
    expect(await query(EVERYTHING)).toEqual(before);
    // And goes on from there.
    await act(curator!, p.assets, "setPrice", [datasets.first.asset, 88n]);
    await indexed();
    expect((await query(texts.datasetQuery, { id: asset })).asset.price).toBe("88");
  });
});

/** What our schema has and theirs has not, or of another type. */
function differences(ours: GraphQLSchema, theirs: GraphQLSchema): string[] {
  const names = Object.keys(ours.getTypeMap()).filter((name) => !name.startsWith("__") && name !== "Query");
  const roots = Object.values(ours.getQueryType()!.getFields())
    .filter(({ name, type }) => String(theirs.getQueryType()!.getFields()[name]?.type) !== String(type))
    .map(({ name }) => `Query.${name}`);
  return [...roots, ...names.flatMap((name) => typeDifferences(ours.getType(name)!, theirs.getType(name)))];
}

function typeDifferences(our: GraphQLNamedType, their: GraphQLNamedType | undefined): string[] {
  if (their?.constructor !== our.constructor) return [our.name];
  if (isEnumType(our)) {
    const known = new Set((their as typeof our).getValues().map(({ name }) => name));
    return our.getValues().flatMap(({ name }) => (known.has(name) ? [] : [`${our.name}.${name}`]));
  }
  if (!isObjectType(our) && !isInputObjectType(our)) return [];
  const known = (their as typeof our).getFields();
  return Object.values(our.getFields()).flatMap(({ name, type }) =>
    String(known[name]?.type) === String(type) ? [] : [`${our.name}.${name}: ${type} / ${known[name]?.type}`],
  );
}

/** A dataset's rewards with every step of their history, the oldest first. */
const REWARDED = `query ($dataset: Bytes!) {
  rewardAccounts(where: { datasetId: $dataset }) {
    id datasetId funded claimed swept
    dataset { id }
    token { id }
    lastRoot { epoch }
    collections(orderBy: ordinal) { pot { key contributorsRoot asset { id } } amount transaction }
    claims(orderBy: ordinal) { subject to amount transaction }
    sweeps(orderBy: ordinal) { subject amount transaction }
    roots(orderBy: ordinal) {
      challenger voidedAt
      demands(orderBy: ordinal) { index challenger answerer answerBy timestamp }
    }
  }
}`;

/** All that a reorganisation of the last test could touch. */
const EVERYTHING = `{
  assets { id price status curator orderCount version { id number } descriptor { title } }
  priceChanges(first: 1000) { id price }
  consents(first: 1000) { id granted nonce changedAt changes { id } }
  consentChanges(first: 1000) { id }
  delegates(first: 1000) { id votes delegatorCount }
  delegations(first: 1000) { id delegate { id } }
  pots { id balance settled received distributed collected }
  payoutRecipients { id recipient changes { id } }
  rewardAccounts { id funded claimed collections { id } }
  descriptors { id title }
  orders(first: 1000) { id state transitions { id } }
  protocols { orderCount consentChangeCount }
}`;
