/** Disputes through the SDK on a chain: from opening to ruling and payout, by silence, and by somebody whose data was used. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { keccak256, toHex, zeroAddress, type Account, type Address, type Hex } from "viem";
import {
  addEvidence,
  closeDispute,
  depositArbitratorStake,
  depositStake,
  openDispute,
  openDisputeAsContributor,
  OrderState,
  proveMembership,
  punishExecutor,
  readCredit,
  readDispute,
  readDisputeOffer,
  readOrderStatus,
  readPanel,
  readStake,
  recuseFromDispute,
  settleOrder,
  signOpening,
  signPermit,
  testDollarAbi,
  voteOnDispute,
  withdraw,
  withdrawArbitratorStake,
  type Order,
} from "@salus/sdk";
import { demoPanel } from "../../scripts/deploy/local.ts";
import {
  buyer,
  contributors,
  deliveredOrder,
  DOLLAR,
  hospital,
  mint,
  openMarket,
  people,
  relayer,
} from "../support/delivered-order.ts";
import { devAccount, startLocalChain, type LocalChain } from "../support/local-chain.ts";

const DOCUMENT = keccak256(toHex("a document"));
const EVIDENCE_SECONDS = 7; // a quarter of the local ruling window of 30, rounded down
const RULING_SECONDS = 30;

const arbitrators = [5, 6, 7, 8, 9].map((index) => devAccount(index));

let chain: LocalChain;
let dollar: Address;

beforeAll(async () => {
  chain = await startLocalChain({}, demoPanel());
  dollar = chain.deployment.contracts.TestDollar!;
  await openMarket(chain);
  await mint(chain, people[0]!.address, 10_000n * DOLLAR);
  await depositStake(chain.as(hospital), { gateway: 1, amount: 1_000n * DOLLAR });
});
afterAll(() => chain?.close());

const delivered = () => deliveredOrder(chain);

const balance = (owner: Address) =>
  chain.reader.publicClient.readContract({
    address: dollar,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [owner],
  });
const credit = (payee: Address) => readCredit(chain.reader, { token: dollar, payee });
const stateOf = async (id: Hex) => (await readOrderStatus(chain.reader, id)).state;
const vote = (by: Account, order: Order, ruling: "Pay" | "Refund" | "None", lied = false) =>
  voteOnDispute(chain.as(by), { order, ruling, lied, reason: "The receipt does not fit the data." });

test("the panel in office has five members with their stakes, and is who orders name", async () => {
  const { order } = await delivered();
  const panel = await readPanel(chain.reader, order.arbitrator);
  expect(panel).toMatchObject({
    standing: "Appointed",
    stake: 1_000n * DOLLAR,
    floors: [{ token: 1, amount: DOLLAR }],
    openDisputes: 0n,
  });
  expect(panel.members).toEqual(arbitrators.map(({ address }) => ({ address, stake: 1_000n * DOLLAR })));
  const offer = { order, opener: buyer.address };
  expect(await readDisputeOffer(chain.reader, { ...offer, party: "Buyer" })).toEqual({
    bond: 10n * DOLLAR,
    fee: 2n * DOLLAR,
    seats: 5,
  });
  expect((await readDisputeOffer(chain.reader, { ...offer, party: "Contributor" })).bond).toBe(DOLLAR);
});

test("from opening to ruling and payout: the buyer gets the price back, the arbitrators their fee, the executor pays", async () => {
  const before = await balance(buyer.address);
  const { id, order } = await delivered();
  await expect(openDispute(chain.as(relayer), { order })).rejects.toMatchObject({
    code: "Disputes_NotParty",
    hint: expect.stringContaining("buyer"),
  });
  await openDispute(chain.as(buyer), { order, evidence: DOCUMENT });
  expect(await stateOf(id)).toBe(OrderState.Disputed);
  expect(await balance(buyer.address)).toBe(before - 112n * DOLLAR);
  await addEvidence(chain.as(hospital), { order, digest: keccak256(toHex("the custodian's word")) });
  await recuseFromDispute(chain.as(arbitrators[4]!), { order, reason: "I worked for the buyer." });
  await expect(vote(arbitrators[0]!, order, "Refund")).rejects.toMatchObject({
    code: "Disputes_TooEarly",
  });
  await chain.advance(EVIDENCE_SECONDS);
  await vote(arbitrators[0]!, order, "Refund", true);
  await vote(arbitrators[1]!, order, "Refund", true);
  await expect(vote(arbitrators[1]!, order, "Pay")).rejects.toMatchObject({ code: "Disputes_AlreadyVoted" });
  await expect(vote(arbitrators[4]!, order, "Pay")).rejects.toMatchObject({ code: "Disputes_NoSeat" });
  expect(await readDispute(chain.reader, order)).toMatchObject({ standing: "Open", party: "Buyer" });
  await vote(arbitrators[2]!, order, "Refund", true);
  expect(await stateOf(id)).toBe(OrderState.Refunded);
  expect(await readDispute(chain.reader, order)).toMatchObject({
    standing: "Ruled",
    ruling: "Refund",
    lied: true,
    punished: true,
    seats: [
      { member: arbitrators[0]!.address, vote: "Refund", lied: true },
      { member: arbitrators[1]!.address, vote: "Refund", lied: true },
      { member: arbitrators[2]!.address, vote: "Refund", lied: true },
      { member: arbitrators[3]!.address, lied: false },
    ],
  });
  // A fifth of the bond of 10 dollars is the three arbitrators'; what rounding leaves is the buyer's.
  expect(await balance(buyer.address)).toBe(before - 3n * 666_666n);
  await withdraw(chain.as(arbitrators[0]!), { token: dollar, to: arbitrators[0]!.address });
  expect(await balance(arbitrators[0]!.address)).toBe(666_666n);
  // A quarter of the gateway's 1,000 dollars.
  expect((await readStake(chain.reader, 1)).amount).toBe(750n * DOLLAR);
  await expect(punishExecutor(chain.as(relayer), order)).rejects.toMatchObject({
    code: "Disputes_NothingToPunish",
  });
});

test("somebody whose data was used opens one with a signature and a permit that another sends", async () => {
  const { id, order } = await delivered();
  const person = people[0]!;
  const panel = order.arbitrator;
  const membership = await proveMembership(chain.reader, {
    id,
    order,
    contributors,
    subject: person.address,
  });
  const opening = { order: id, subject: person.address, evidence: DOCUMENT, maxBond: DOLLAR };
  const signature = await signOpening(chain.deployment, { panel, opening }, person);
  const permit = await signPermit(chain.as(person), { token: dollar, spender: panel, value: DOLLAR });
  const before = await balance(person.address);
  const sent = { order, opening, membership, signature, permit };
  await expect(
    openDisputeAsContributor(chain.as(relayer), { ...sent, opening: { ...opening, maxBond: 2n * DOLLAR } }),
  ).rejects.toMatchObject({ code: "Disputes_SignatureInvalid" });
  await openDisputeAsContributor(chain.as(relayer), sent);
  expect(await readDispute(chain.reader, order)).toMatchObject({
    party: "Contributor",
    opener: person.address,
    bond: DOLLAR,
  });
  expect(await balance(person.address)).toBe(before - DOLLAR);
  await chain.advance(EVIDENCE_SECONDS);
  for (const by of arbitrators.slice(0, 3)) await vote(by, order, "Pay");
  expect(await stateOf(id)).toBe(OrderState.Settled);
});

test("silence settles per receipt, gives the bond back and costs the silent their stake", async () => {
  const { id, order } = await delivered();
  const commons = chain.deployment.contracts.Treasury;
  const before = await balance(buyer.address);
  const commonsBefore = await credit(commons);
  const voterBefore = await credit(arbitrators[3]!.address);
  await openDispute(chain.as(buyer), { order });
  await chain.advance(EVIDENCE_SECONDS);
  await vote(arbitrators[3]!, order, "Refund");
  await expect(closeDispute(chain.as(relayer), order)).rejects.toMatchObject({ code: "Disputes_TooEarly" });
  await chain.advance(RULING_SECONDS);
  await closeDispute(chain.as(relayer), order);
  expect(await stateOf(id)).toBe(OrderState.Settled);
  expect(await readDispute(chain.reader, order)).toMatchObject({ standing: "Silent", ruling: "None" });
  expect(await balance(buyer.address)).toBe(before);
  // Four lose 1,000 dollars each: half to the one who voted, half to the commons, beside the order's fee of 2.
  expect((await credit(arbitrators[3]!.address)) - voterBefore).toBe(2_000n * DOLLAR);
  expect((await credit(commons)) - commonsBefore).toBe(2_002n * DOLLAR);
  const { members } = await readPanel(chain.reader, order.arbitrator);
  expect(members.map(({ stake }) => stake / DOLLAR)).toEqual([0n, 0n, 0n, 1_000n, 0n]);

  // Nobody can rule now: no dispute, until stakes are filled up.
  const next = await delivered();
  await expect(openDispute(chain.as(buyer), { order: next.order })).rejects.toMatchObject({
    code: "Disputes_TooFewSeats",
  });
  for (const member of arbitrators.slice(0, 2)) {
    await mint(chain, relayer.address, 1_000n * DOLLAR);
    await depositArbitratorStake(chain.as(relayer), { panel: order.arbitrator, member: member.address });
  }
  await expect(
    withdrawArbitratorStake(chain.as(arbitrators[0]!), {
      panel: order.arbitrator,
      to: arbitrators[0]!.address,
    }),
  ).rejects.toMatchObject({ code: "Disputes_InOffice" });
  const last = await delivered();
  await openDispute(chain.as(buyer), { order: last.order });
  expect((await readDispute(chain.reader, last.order))!.seats).toHaveLength(3);
});

test("an order that names nobody has no dispute, and settles by time", async () => {
  const { id, order } = await delivered();
  expect(await readDispute(chain.reader, { ...order, arbitrator: zeroAddress })).toBeUndefined();
  expect(await readDispute(chain.reader, order)).toBeUndefined();
  await chain.advance(order.disputeWindow);
  await expect(openDispute(chain.as(buyer), { order })).rejects.toMatchObject({
    code: "AccessEscrow_TooLate",
  });
  await settleOrder(chain.as(relayer), order);
  expect(await stateOf(id)).toBe(OrderState.Settled);
});
