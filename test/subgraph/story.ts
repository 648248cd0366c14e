/**
 * One story on the chain that touches every contract. Amounts are chosen so that every floor of the split rounds; the
 * expected results are worked out by hand in the tests.
 */
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseEventLogs,
  toFunctionSelector,
  toHex,
} from "viem";
import { cidOf } from "../../sdk/src/cid.ts";
import { EIP712_TYPES } from "../../sdk/src/generated/eip712.ts";
import { type Descriptor, writeDescriptor } from "../../sdk/src/records/descriptor.ts";
import { approve, withdraw } from "./attest.ts";
import {
  account,
  act,
  chain,
  contractAt,
  deploy,
  deployEscrow,
  deployProtocol,
  mandatesOf,
  NOTICE,
  read,
  send,
} from "./contracts.ts";
import {
  deliver,
  fail,
  fund,
  list,
  listing,
  order,
  pass,
  publish,
  report,
  type Signer,
  TERMS,
  version,
  word,
  ZERO,
} from "./market.ts";
import { rpc, serve } from "./node.ts";

const [admin, curator, buyer, developer, clinic, holder, other, stranger] = Array.from(
  { length: 8 },
  (_, index) => account(index),
) as ReturnType<typeof account>[];
const operators = [10, 11, 12].map(account);
const subjects = [20, 21, 22].map(account);
const signers = operators.map((operator, index) => ({ gateway: index + 1, account: operator }));

export const people = {
  admin,
  curator,
  buyer,
  developer,
  clinic,
  holder,
  other,
  stranger,
  operators,
  subjects,
};

const FILE = cidOf(new TextEncoder().encode("a leaf file"));

export const DESCRIPTOR: Descriptor = {
  format: "salus-descriptor",
  formatVersion: 1,
  title: "Type 2 Diabetes at Nord",
  description: "Adults seen in the outpatient clinic.",
  country: "DE",
  conditions: [
    { code: "E11.9", subjects: 80 },
    { code: "I10", subjects: 40 },
  ],
  schemas: [
    {
      name: "observations",
      mediaType: "application/fhir+json",
      columns: [
        { name: "hba1c", type: "decimal", loinc: "4548-4", unit: "%", description: "Hemoglobin A1c" },
        { name: "age", type: "integer" },
      ],
    },
  ],
  contact: { name: "Klinikum Nord" },
  leafFiles: { version: 1, consents: FILE, manifest: FILE },
};

/** Another publisher's way to say such things. */
const OTHER_SHAPE = {
  title: `${"x".repeat(299)}\u{1f9ec} and more`,
  description: "nul \u0000 byte",
  country: "ch",
  publisher: "Inselspital",
  conditions: [{ code: "I10", display: "Hypertension" }, "Asthma", 5],
  columns: [{ name: "weight", display: "Body weight" }],
  schemas: ["omop"],
};

/** Deploys, and does all that comes before any order. */
export async function prologue() {
  const p = await deployProtocol(
    admin!,
    [holder!.address, other!.address],
    [900n * 10n ** 18n, 100n * 10n ** 18n],
  );
  for (const [index, operator] of operators.entries()) {
    const name = `Hospital ${index + 1}`;
    await act(admin!, p.gateways, "admit", [
      operator.address,
      operator.address,
      word(index + 1),
      name,
      `http://g${index + 1}`,
    ]);
  }
  await act(operators[0]!, p.gateways, "createSet", [[1, 2, 3], 2]);
  await act(operators[1]!, p.gateways, "setUrl", [2, "http://moved"]);
  for (const person of [buyer!, developer!, clinic!, stranger!]) {
    await act(person, p.dollar, "mint", [person.address, 10_000_000n]);
    await act(person, p.dollar, "approve", [p.escrow.address, 10_000_000n]);
  }
  return p;
}

type Protocol = Awaited<ReturnType<typeof prologue>>;
const trio = signers as Signer[];
const pair = trio.slice(0, 2);

/** Two datasets; the second one's descriptors cannot be read, or are another's. */
export async function listDatasets(p: Protocol) {
  const descriptor = serve(writeDescriptor(DESCRIPTOR).bytes);
  const first = await list(p, curator!, operators[0]!, listing(), version({ descriptor }));
  const second = await list(
    p,
    curator!,
    operators[0]!,
    listing({ salt: word(2), population: 1, privacyCap: 0n, modes: 1 }),
    version({ descriptor: serve("{ not json \ud83d") }),
  );
  const contents = [
    descriptor,
    serve("[1]"),
    serve(`{"title":"${"x".repeat(70_000)}"}`),
    serve(Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])),
    serve(JSON.stringify({ title: 5, country: "DEU", conditions: "no", columns: [null, 3, { name: "a" }] })),
    serve(JSON.stringify(OTHER_SHAPE)),
  ];
  for (const [index, digest] of contents.entries()) {
    await act(curator!, p.assets, "addVersion", [
      second.asset,
      version({ descriptor: digest, count: 20 + index }),
    ]);
  }
  return { first, second: second.asset, descriptor, contents };
}

/** An analysis that settles, a download of 4 of 10 records, a failure, an expiry. */
export async function tradeData(p: Protocol, asset: bigint) {
  const analysis = await order(p, buyer!.address, asset, 1, 1);
  const a = await fund(p, buyer!, analysis);
  const delivered = await deliver(p, pair, analysis, a.id);
  await pass(20);
  const settledIn = await act(stranger!, p.escrow, "settle", [analysis]);

  const download = await order(p, buyer!.address, asset, 3, 2);
  const b = await fund(p, buyer!, download);
  await deliver(p, trio, download, b.id, { privacyCost: 0n });
  await report(p, pair, download, b.id, 4);
  await pass(20);
  await act(stranger!, p.escrow, "settle", [download]);

  const failing = await order(p, buyer!.address, asset, 1, 3);
  const evidence = await approve(p, admin!, other!, failing);
  const c = await fund(p, buyer!, failing, { evidence });
  await withdraw(p, other!, word(0xa7));
  await fail(p, trio.slice(0, 1), failing, c.id);

  const expiring = await order(p, buyer!.address, asset, 1, 4);
  const d = await fund(p, buyer!, expiring);
  await pass(2000);
  await act(stranger!, p.escrow, "refund", [expiring]);
  const history = { fundedIn: a.transaction, deliveredIn: delivered.transaction, settledIn };
  return {
    analysis: { id: a.id, fixed: analysis, receipt: delivered.receipt, ...history },
    download: b.id,
    failed: c.id,
    evidence,
    expired: d.id,
  };
}

/** A training order, the model published from it, one use of the model, and the pot's way to the contributors. */
export async function tradeModel(p: Protocol, asset: bigint) {
  const training = await order(p, developer!.address, asset, 2, 5);
  const { id } = await fund(p, developer!, training);
  const model = word(0x3d);
  const salt = word(0x5a);
  const output = keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [salt, model]));
  const { receipt } = await deliver(p, pair, training, id, { output });
  await pass(20);
  await act(stranger!, p.escrow, "settle", [training]);
  const parents = [{ asset, contributorsRoot: word(0xa6), shareBps: 2500 }];
  const published = await publish(
    p,
    developer!,
    operators[0]!,
    listing({
      salt: word(3),
      price: 10_001n,
      modes: 16,
      custodianBps: 1000,
      curatorBps: 6500,
      privacyCap: 0n,
    }),
    version({ contentRoot: model, consentRoot: ZERO, count: 1 }),
    parents,
    { order: training, receipt, salt },
  );
  const use = await order(p, clinic!.address, published, 4, 6);
  const used = await fund(p, clinic!, use);
  await deliver(p, pair, use, used.id, { privacyCost: 0n });
  await pass(20);
  await act(stranger!, p.escrow, "settle", [use]);
  await act(stranger!, p.payouts, "distribute", [p.dollar.address, published, parents]);
  await act(curator!, p.payouts, "withdraw", [p.dollar.address, other!.address]);
  return { training: id, model: published, use: used.id };
}

/** A stranger deposits a token of their own, and real money, both in the name of somebody else's order. */
export async function pretendToSettle(p: Protocol, asset: bigint, id: Hex) {
  const fake = await deploy(stranger!, "TestDollar");
  await act(stranger!, fake, "mint", [p.payouts.address, 5n]);
  const credits = [{ payee: stranger!.address, amount: 2n }];
  await act(stranger!, p.payouts, "deposit", [fake.address, credits, toHex(asset, { size: 32 }), 3n, id]);
  await act(stranger!, p.dollar, "transfer", [p.payouts.address, 7n]);
  await act(stranger!, p.payouts, "deposit", [p.dollar.address, [], toHex(asset, { size: 32 }), 7n, id]);
  return fake.address;
}

const CONSENT_DOMAIN = { name: "Salus ConsentRegistry", version: "1", chainId: 31337 };

/** One subject grants and revokes within one block; two others grant in one transaction, a bad third is skipped. */
export async function consent(p: Protocol, dataset: bigint) {
  const [one, two, three] = subjects;
  const grant = { dataset, subject: one!.address, purposes: 3n, expiry: 1_900_000_000, modes: 3, nonce: 0 };
  await rpc("evm_setAutomine", [false]);
  const granted = await send(one!, p.consents, "grant", [grant]);
  const revoked = await send(one!, p.consents, "revoke", [dataset]);
  await rpc("evm_mine");
  await rpc("evm_setAutomine", [true]);
  const grants = [
    { ...grant, subject: two!.address },
    { ...grant, subject: three!.address, nonce: 9 },
    { ...grant, subject: three!.address, purposes: 2n ** 127n },
  ];
  const domain = { ...CONSENT_DOMAIN, verifyingContract: p.consents.address };
  const signatures = await Promise.all(
    grants.map((message, index) =>
      subjects[index === 0 ? 1 : 2]!.signTypedData({
        domain,
        types: EIP712_TYPES as any,
        primaryType: "Grant",
        message,
      }),
    ),
  );
  const batch = await act(stranger!, p.consents, "grantBatch", [grants, signatures]);
  return { granted, revoked, batch };
}

/**
 * A hospital revokes for one of its provisional subjects and hands it over; the first hand-over is contested, the second
 * comes into force. The person names a proxy, which grants, and takes its rights back.
 */
export async function takeOver(p: Protocol, dataset: bigint) {
  const [code, person, proxy] = [40, 41, 42].map(account);
  const [operator] = operators;
  const domain = { ...CONSENT_DOMAIN, verifyingContract: p.consents.address };
  const types = EIP712_TYPES as any;
  const sign = (signer: Signer["account"], primaryType: string, message: object) =>
    signer.signTypedData({ domain, types, primaryType, message } as any);
  const subject = await read<Address>(p.consents, "provisionalOf", [dataset, code!.address]);
  const about = { dataset, subject };
  const revoked = await act(operator!, p.consents, "revokeProvisionalBatch", [dataset, [code!.address]]);
  const handOver = async (nonce: number) => {
    const message = { ...about, controller: person!.address, nonce, validUntil: 2_000_000_000 };
    const codeSignature = await sign(code!, "HandOver", message);
    return act(operator!, p.consents, "handOver", [message, code!.address, codeSignature, "0x"]);
  };
  await handOver(0);
  const contest = { ...about, nonce: 0 };
  const contestSignature = await sign(code!, "Contest", contest);
  await act(stranger!, p.consents, "contest", [contest, code!.address, contestSignature]);
  await handOver(1);
  await pass(20);
  const naming = { ...about, proxy: proxy!.address, rights: 3, expiry: 2_000_000_000, nonce: 65_536 };
  const namingSignature = await sign(person!, "ProxyNaming", naming);
  await act(stranger!, p.consents, "nameProxy", [naming, namingSignature]);
  const word = { purposes: 3n, expiry: 1_900_000_000, modes: 1, nonce: 65_537 };
  const grant = { ...about, ...word, proxy: proxy!.address, since: 65_536 };
  const grantSignature = await sign(proxy!, "ProxyGrant", grant);
  const granted = await act(stranger!, p.consents, "grantByProxy", [grant, grantSignature]);
  const removal = { ...about, proxy: proxy!.address, since: 65_536 };
  const removalSignature = await sign(person!, "ProxyRemoval", removal);
  await act(stranger!, p.consents, "removeProxy", [removal, removalSignature]);
  return { subject, code: code!, person: person!, proxy: proxy!, operator: operator!, revoked, granted };
}

/** A vote raises the fee; another proposal is withdrawn. */
export async function govern(p: Protocol) {
  await act(holder!, p.token, "delegate", [holder!.address]);
  await act(other!, p.token, "delegate", [holder!.address]);
  await act(other!, p.token, "delegate", [other!.address]);
  await pass(2);
  const call = encodeFunctionData({ abi: p.escrow.abi, functionName: "setFee", args: [300] });
  const description = "# Raise the fee\n\nTo **3 %**, für alle.";
  const parts = [[p.escrow.address], [0n], [call]];
  await act(holder!, p.governor, "propose", [...parts, description]);
  const hash = keccak256(toHex(description));
  const id = await read<bigint>(p.governor, "hashProposal", [...parts, hash]);
  await pass(3);
  await act(holder!, p.governor, "castVoteWithReason", [id, 1, "It pays for audits."]);
  await act(other!, p.governor, "castVote", [id, 0]);
  await pass(40);
  await act(stranger!, p.governor, "queue", [...parts, hash]);
  await pass(6);
  const executed = await act(stranger!, p.governor, "execute", [...parts, hash]);

  const second = "Do nothing";
  await act(holder!, p.governor, "propose", [...parts, second]);
  const withdrawn = await read<bigint>(p.governor, "hashProposal", [...parts, keccak256(toHex(second))]);
  await act(holder!, p.governor, "cancel", [...parts, keccak256(toHex(second))]);
  return { id, hash, call, description, executed, withdrawn };
}

/** The second dataset gets another price and another curator, who delists it. */
export async function sellOn(p: Protocol, asset: bigint) {
  await act(curator!, p.assets, "setPrice", [asset, 5n]);
  await act(curator!, p.assets, "transferFrom", [curator!.address, other!.address, asset]);
  await pass(NOTICE);
  await act(operators[0]!, p.assets, "accept", [asset]);
  await act(other!, p.assets, "delist", [asset]);
}

/** What the contracts take of a standing order of three runs. */
async function standingOrder(p: Protocol, asset: bigint, salt: number, runs: number) {
  const { timestamp } = await chain.getBlock();
  return {
    buyer: buyer!.address,
    salt: word(salt),
    asset,
    afterVersion: 1,
    kind: 1,
    uses: 1n << 1n,
    country: 276,
    disease: ZERO,
    project: word(0x90),
    job: word(0x10b),
    recipientKey: word(0x4e),
    termsHash: await read<Hex>(p.assets, "termsHashOf", [asset]),
    token: 1,
    maxPrice: 1_100_000n,
    maxFee: 50_000n,
    privacyCap: 500_000n,
    arbitrator: "0x0000000000000000000000000000000000000000",
    runs,
    interval: 0,
    until: Number(timestamp) + 100_000,
  };
}

/** A mandate on a third dataset: one run on its second version, then the buyer ends it. */
export async function stand(p: Protocol) {
  const { asset } = await list(
    p,
    curator!,
    operators[0]!,
    listing({ salt: word(9), population: 1, privacyCap: 0n }),
    version(),
  );
  await act(buyer!, p.dollar, "mint", [buyer!.address, 20_000_000n]);
  await act(buyer!, p.dollar, "approve", [p.mandates.address, 20_000_000n]);
  const mandate = await standingOrder(p, asset, 1, 3);
  await act(buyer!, p.mandates, "create", [mandate, "0x"]);
  const id = await read<Hex>(p.mandates, "hashMandate", [mandate]);
  await act(curator!, p.assets, "addVersion", [asset, version({ count: 12 })]);
  const transaction = await act(stranger!, p.mandates, "run", [mandate, TERMS, "0x"]);
  const { logs } = await chain.getTransactionReceipt({ hash: transaction });
  const [event] = parseEventLogs({ abi: p.mandates.abi, eventName: "MandateRun", logs }) as any[];
  await act(buyer!, p.mandates, "cancel", [mandate, "0x"]);
  return { id, asset, order: event.args.order as Hex };
}

/** A mandate at the later escrow, whose mandates nobody announced. */
export async function standAtLater(p: Protocol, asset: bigint, escrow: Address): Promise<Hex> {
  const mandates = await mandatesOf({ ...p.escrow, address: escrow });
  await act(buyer!, p.dollar, "approve", [mandates.address, 20_000_000n]);
  const mandate = await standingOrder(p, asset, 2, 1);
  await act(buyer!, mandates, "create", [mandate, "0x"]);
  return read<Hex>(mandates, "hashMandate", [mandate]);
}

/** Three orders under an arbitrator: one ruled to be refunded, one on which nobody rules, one accepted by its buyer. */
export async function quarrel(p: Protocol, asset: bigint) {
  await act(admin!, p.escrow, "setArbitrator", [stranger!.address]);
  const place = async (salt: number) => {
    const o = { ...(await order(p, buyer!.address, asset, 1, salt)), arbitrator: stranger!.address };
    const { id } = await fund(p, buyer!, o);
    await deliver(p, pair, o, id, { privacyCost: 0n });
    return { o, id };
  };
  const refunded = await place(20);
  await act(stranger!, p.escrow, "dispute", [refunded.o]);
  await act(stranger!, p.escrow, "rule", [refunded.o, 2]);
  const silent = await place(21);
  await act(stranger!, p.escrow, "dispute", [silent.o]);
  const accepted = await place(22);
  await act(buyer!, p.escrow, "accept", [accepted.o, "0x"]);
  await pass(60);
  await act(stranger!, p.escrow, "settle", [silent.o]);
  return { refunded: refunded.id, silent: silent.id, accepted: accepted.id };
}

/**
 * A panel of five comes into office and has two disputes: in one a member steps aside and three refund and find a lie; in
 * the other only one of five speaks, who wants to refund, and the window passes.
 */
export async function arbitrate(p: Protocol, asset: bigint) {
  const members = [13, 14, 15, 16, 17].map((index) => account(index));
  const floors = [
    { token: 1, amount: 1_000n },
    ...Array.from({ length: 3 }, () => ({ token: 0, amount: 0n })),
  ];
  // As at the deployment: nobody else puts an arbitrator into office.
  await act(admin!, p.manager, "grantRole", [2n, p.panels.address, 0]);
  const selector = toFunctionSelector("setArbitrator(address)");
  await act(admin!, p.manager, "setTargetFunctionRole", [p.escrow.address, [selector], 2n]);
  const elected = await act(admin!, p.panels, "elect", [
    p.escrow.address,
    members.map(({ address }) => address),
    5_001n,
    floors,
  ]);
  const { logs } = await chain.getTransactionReceipt({ hash: elected });
  const [event] = parseEventLogs({ abi: p.panels.abi, eventName: "PanelElected", logs }) as any[];
  const panel = contractAt("Disputes", event.args.panel);
  await act(admin!, p.dollar, "mint", [admin!.address, 5n * 5_001n]);
  await act(admin!, p.dollar, "approve", [panel.address, 5n * 5_001n]);
  for (const { address } of members) await act(admin!, panel, "depositStake", [address]);
  await act(admin!, p.panels, "appoint", [panel.address]);
  await act(buyer!, p.dollar, "mint", [buyer!.address, 10_000_000n]);
  await act(buyer!, p.dollar, "approve", [panel.address, 10_000_000n]);
  const place = async (salt: number) => {
    const o = { ...(await order(p, buyer!.address, asset, 1, salt)), arbitrator: panel.address };
    const { id } = await fund(p, buyer!, o);
    await deliver(p, pair, o, id, { privacyCost: 0n });
    await act(buyer!, panel, "open", [o, word(salt)]);
    return { o, id };
  };
  const ruled = await place(23);
  await act(members[1]!, panel, "recuse", [ruled.o, "I know the buyer."]);
  await pass(15);
  for (const i of [0, 2, 3]) await act(members[i]!, panel, "vote", [ruled.o, 2, true, `Reason ${i}`]);
  const silent = await place(24);
  await pass(15);
  await act(members[4]!, panel, "vote", [silent.o, 2, false, "Reason 4"]);
  await pass(45);
  await act(stranger!, panel, "close", [silent.o]);
  await act(admin!, p.panels, "retire", [panel.address]);
  const lower = members.map(({ address }) => address.toLowerCase());
  return { panel: panel.address.toLowerCase(), members: lower, ruled: ruled.id, silent: silent.id };
}

/** Another escrow with another fee takes the new orders; its first fee was told before anyone listened. */
export async function changeEscrow(p: Protocol, asset: bigint) {
  const escrow = await deployEscrow(admin!, p, 100);
  await act(admin!, p.assets, "setEscrow", [escrow.address]);
  await act(buyer!, p.dollar, "approve", [escrow.address, 10_000_000n]);
  const o = await order(p, buyer!.address, asset, 1, 7);
  const { id } = await fund(p, buyer!, o, { escrow });
  await deliver(p, pair, o, id, {}, escrow);
  await pass(20);
  await act(stranger!, escrow, "settle", [o]);
  await act(operators[2]!, p.gateways, "setUrl", [3, "http://late"]);
  await act(admin!, p.gateways, "remove", [3]);
  return { escrow: escrow.address.toLowerCase() as Address, order: id };
}
