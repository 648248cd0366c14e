import type { FastifyInstance } from "fastify";
import { concatHex, getContractAddress, hashTypedData, size, toHex, type Address, type Hex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { send } from "@salus/sdk/chain/send";
import { sendDelegation, sendVote } from "@salus/sdk/gateway/send-vote";
import { salusGovernorAbi } from "@salus/sdk/generated/abi/salusGovernor";
import { salusTokenAbi } from "@salus/sdk/generated/abi/salusToken";
import { encodeParameterChange } from "@salus/sdk/governance/encode-parameter-change";
import { propose } from "@salus/sdk/governance/propose";
import { readProposal } from "@salus/sdk/governance/read-proposal";
import { signDelegation, type SignedDelegation } from "@salus/sdk/governance/sign-delegation";
import { signVote, type SignedVote } from "@salus/sdk/governance/sign-vote";
import { ballotData } from "@salus/sdk/governance/signed-types";
import { delegateAll } from "../../../test/support/enact.ts";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import { devAccount, startProductionChain } from "../../../test/support/local-chain.ts";
import { neverSends, overtakenBy, triedAtOnce } from "../../../test/support/relaying.ts";
import type { Context } from "../context.ts";

/** How votes are counted by OpenZeppelin's GovernorCountingSimple. */
const [AGAINST, FOR] = [0, 1];
const TOKENS = 10n ** 21n;
const REFUSED = { code: "GATEWAY_VOTE_REFUSED", hint: expect.stringMatching(/.{10}/) };
let world: GatewayApp;
let gateway: { url: string };
/** A proposal whose vote is open, for days of the chain's time, and one that was decided before. */
let [open, over]: bigint[] = [];

beforeAll(async () => {
  world = await startGatewayApp(25_400, undefined, startProductionChain);
  gateway = await at(world.app);
  await delegateAll(world.chain);
  // Nobody here has any coin of the chain's own.
  for (const holder of [ada, ben, cy, eve]) await fund(holder.address);
  for (const holder of [ada, cy, eve]) {
    await sendDelegation(gateway, await delegationOf(holder, holder.address));
  }
  over = await openVote();
  await until((await readProposal(world.chain.reader, over)).end + 1);
  open = await openVote();
}, 120_000);
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.context.db.deleteFrom("relays").execute();
});

const key = (n: number) => privateKeyToAccount(toHex(7_000_000 + n, { size: 32 }));
/* Ada votes; Ben delegates; Cy is refused; Eve meets the limits. A stranger holds nothing. */
const [ada, ben, cy, eve, stranger] = [key(1), key(2), key(3), key(4), key(5)] as const;

async function at(app: FastifyInstance): Promise<{ url: string }> {
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }) };
}
async function another(change: Partial<Context> = {}): Promise<{ url: string }> {
  return at(await world.replica(change));
}
const within = (relayGas: Context["environment"]["relayGas"]) => ({
  environment: { ...world.context.environment, relayGas },
});

const token = () => ({ address: world.chain.deployment.contracts.SalusToken, abi: salusTokenAbi }) as const;
const governor = () =>
  ({ address: world.chain.deployment.contracts.SalusGovernor, abi: salusGovernorAbi }) as const;
const rich = () => world.chain.as(devAccount(12));

function fund(to: Address): Promise<unknown> {
  return send(rich(), { ...token(), functionName: "transfer", args: [to, TOKENS] });
}
const delegateOf = (account: Address) =>
  world.chain.reader.publicClient.readContract({ ...token(), functionName: "delegates", args: [account] });
const hasVoted = (id: bigint, account: Address) =>
  world.chain.reader.publicClient.readContract({
    ...governor(),
    functionName: "hasVoted",
    args: [id, account],
  });

async function until(time: number): Promise<void> {
  const { timestamp } = await world.chain.reader.publicClient.getBlock();
  if (Number(timestamp) < time) await world.chain.advance(time - Number(timestamp));
}

let drafts = 0;
/** A proposal whose vote has not begun. */
async function draft(): Promise<bigint> {
  drafts += 1;
  const calls = [encodeParameterChange(world.chain.deployment, "AccessEscrow.feeBps", [250n])];
  return (await propose(world.chain.as(devAccount(10)), { calls, description: `# Fee, draft ${drafts}` })).id;
}
async function openVote(): Promise<bigint> {
  const id = await draft();
  await until((await readProposal(world.chain.reader, id)).start + 1);
  return id;
}

function voteOf(
  signer: PrivateKeyAccount,
  { id = open!, voter = signer.address, choice = FOR, chainId = world.chain.deployment.chainId } = {},
): Promise<SignedVote> {
  const { reader } = world.chain;
  const elsewhere = { ...reader, deployment: { ...reader.deployment, chainId } };
  return signVote(elsewhere, { voter, id, choice: choice!, reason: "It pays for audits." }, signer);
}
function delegationOf(
  signer: PrivateKeyAccount,
  to: Address,
  { chainId = world.chain.deployment.chainId, expiry }: { chainId?: number; expiry?: bigint } = {},
): Promise<SignedDelegation> {
  const { reader } = world.chain;
  const elsewhere = { ...reader, deployment: { ...reader.deployment, chainId } };
  return signDelegation(elsewhere, { holder: signer.address, to, ...(expiry ? { expiry } : {}) }, signer);
}

const spentRows = () => world.context.db.selectFrom("relays").selectAll().execute();
const coinOf = (address: Address) => world.chain.reader.publicClient.getBalance({ address });
const purse = () => coinOf(world.context.keys.operator.address);

/** Tries what must be refused, one after the other; none of it may cost anything. */
async function refuseAll(tried: readonly (readonly [why: string, run: () => Promise<unknown>])[]) {
  const before = await purse();
  for (const [why, run] of tried) await expect(run(), why).rejects.toMatchObject(REFUSED);
  expect(await spentRows()).toEqual([]);
  expect(await purse()).toBe(before);
}

describe("a signed delegation", () => {
  it("is carried for a holder without any coin, once, and its transaction is told to whoever asks again", async () => {
    const word = await delegationOf(ben, ada.address);
    const { transaction } = await sendDelegation(gateway, word);
    expect(await delegateOf(ben.address)).toBe(ada.address);
    expect(await coinOf(ben.address)).toBe(0n);
    const receipt = await world.chain.reader.publicClient.getTransactionReceipt({ hash: transaction });
    expect(receipt.from).toBe(world.context.keys.operator.address.toLowerCase());
    expect(await spentRows()).toMatchObject([{ kind: "Delegation", gas: Number(receipt.gasUsed) }]);
    // Without asking the contract again, which would refuse it.
    expect(await sendDelegation(await another({ sender: neverSends }), word)).toEqual({ transaction });
  });

  it("is refused, at no cost, from anybody and in any form that does not count", async () => {
    const { timestamp } = await world.chain.reader.publicClient.getBlock();
    const mine = await delegationOf(cy, ada.address);
    const changed = { ...mine, delegation: { ...mine.delegation, delegatee: eve.address } };
    const ofBefore = { ...mine, delegation: { ...mine.delegation, nonce: 0n } };
    const signed = await delegationOf(cy, cy.address, { expiry: timestamp - 1n });
    const elsewhere = await delegationOf(cy, ada.address, { chainId: 1 });
    const empty = await delegationOf(stranger, ada.address);
    const used = await signDelegation(
      { ...world.chain.reader, publicClient: withNonce(0n) },
      { holder: cy.address, to: ada.address },
      cy,
    );
    await refuseAll([
      ["expired", () => sendDelegation(gateway, signed)],
      ["for another chain", () => sendDelegation(gateway, elsewhere)],
      ["another delegate than was signed", () => sendDelegation(gateway, changed)],
      ["another nonce than was signed", () => sendDelegation(gateway, ofBefore)],
      ["a nonce that was used", () => sendDelegation(gateway, used)],
      ["somebody without tokens", () => sendDelegation(gateway, empty)],
      ["garbage", () => sendDelegation(gateway, { ...mine, signature: `0x${"11".repeat(65)}` })],
    ]);
    expect(await delegateOf(cy.address)).toBe(cy.address);
  });
});

/** The chain, but for a nonce: what a client that signs twice for one nonce would read. */
function withNonce(nonce: bigint) {
  const { publicClient } = world.chain.reader;
  return {
    ...publicClient,
    readContract: (call: { functionName: string }) =>
      call.functionName === "nonces" ? Promise.resolve(nonce) : publicClient.readContract(call as never),
  } as unknown as typeof publicClient;
}

describe("a signed vote", () => {
  it("is refused, at no cost, from anybody and in any form that does not count", async () => {
    const mine = await voteOf(cy);
    const change = (part: Partial<SignedVote["ballot"]>) => () =>
      sendVote(gateway, { ...mine, ballot: { ...mine.ballot, ...part } });
    const unknown = await voteOf(cy, { id: 12345n });
    const ended = await voteOf(cy, { id: over! });
    const elsewhere = await voteOf(cy, { chainId: 1 });
    const weightless = await voteOf(stranger);
    const forged = await voteOf(stranger, { voter: cy.address });
    await refuseAll([
      ["a choice that was not signed", change({ support: AGAINST! })],
      ["a reason that was not signed", change({ reason: "It pays me." })],
      ["another proposal than was signed", change({ proposalId: over! })],
      ["in another's name", change({ voter: eve.address })],
      ["another nonce than was signed", change({ nonce: mine.ballot.nonce + 1n })],
      ["a stranger's signature in a voter's name", () => sendVote(gateway, forged)],
      ["for another chain", () => sendVote(gateway, elsewhere)],
      ["nobody's votes", () => sendVote(gateway, weightless)],
      ["a proposal that is over", () => sendVote(gateway, ended)],
      ["a proposal that is none", () => sendVote(gateway, unknown)],
      ["garbage", () => sendVote(gateway, { ...mine, signature: `0x${"11".repeat(65)}` })],
    ]);
    expect(await hasVoted(open!, cy.address)).toBe(false);
  });

  it("is carried with its reason for a voter without any coin, once, and its transaction is told again", async () => {
    const { publicClient } = world.chain.reader;
    const vote = await voteOf(ada);
    const { transaction } = await sendVote(gateway, vote);
    const { from, blockHash, gasUsed } = await publicClient.getTransactionReceipt({ hash: transaction });
    expect(from).toBe(world.context.keys.operator.address.toLowerCase());
    const events = await publicClient.getContractEvents({
      ...governor(),
      eventName: "VoteCast",
      blockHash,
      strict: true,
    });
    expect(events.map(({ args }) => [args.voter, args.support, args.weight, args.reason])).toEqual([
      [ada.address, FOR, TOKENS, "It pays for audits."],
    ]);
    expect(await coinOf(ada.address)).toBe(0n);
    const rows = await spentRows();
    expect(rows).toMatchObject([{ kind: "Vote", gas: Number(gasUsed), transaction }]);
    expect(await sendVote(await another({ sender: neverSends }), vote)).toEqual({ transaction });
    const before = await purse();
    // Another choice under the nonce that was used, and a second vote under the next one, are other words.
    const turned = await signVote(
      { ...world.chain.reader, publicClient: withNonce(vote.ballot.nonce) },
      { voter: ada.address, id: open!, choice: AGAINST! },
      ada,
    );
    for (const word of [turned, await voteOf(ada, { choice: AGAINST })]) {
      await expect(sendVote(gateway, word)).rejects.toMatchObject(REFUSED);
    }
    expect(await spentRows()).toEqual(rows);
    expect(await purse()).toBe(before);
  });

  it("is sent once when two replicas are at it, and its transaction is told by one that came too late", async () => {
    const vote = await voteOf(cy);
    const { sender, sent } = triedAtOnce(world.chain.as(devAccount(1)), 2);
    const both = [await another({ sender }), await another({ sender })];
    const answers = await Promise.allSettled(both.map((one) => sendVote(one, vote)));
    const carried = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? answer.reason.code : []));
    expect(carried).toHaveLength(1);
    expect(refused).toEqual(["GATEWAY_RELAY_RUNNING"]);
    expect(sent()).toBe(1);
    expect(await spentRows()).toHaveLength(1);
    expect(await hasVoted(open!, cy.address)).toBe(true);
    const later = await delegationOf(cy, ada.address);
    let first: { transaction: Hex } | undefined;
    const late = overtakenBy(world.context.sender, async () => {
      first = await sendDelegation(gateway, later);
    });
    expect(await sendDelegation(await another({ sender: late }), later)).toEqual(first);
  });

  it("stops at one voter's gas for a day and at that of all, says so, and goes on where there is some left", async () => {
    const vote = await voteOf(eve);
    const full = { code: "GATEWAY_RELAY_BUDGET", hint: expect.stringMatching(/on chain.*another gateway/) };
    for (const gas of [
      { aDay: 10_000_000, aSubject: 20_000 },
      { aDay: 20_000, aSubject: 10_000_000 },
    ]) {
      await expect(sendVote(await another(within(gas)), vote)).rejects.toMatchObject(full);
    }
    expect(await spentRows()).toEqual([]);
    await sendVote(gateway, vote);
    expect(await hasVoted(open!, eve.address)).toBe(true);
    // What the vote used counts for the voter: nothing else goes before it is a day old.
    const [{ gas } = { gas: 0 }] = await spentRows();
    const tight = await another(within({ aDay: 10_000_000, aSubject: gas + 20_000 }));
    const word = await delegationOf(eve, ada.address);
    await expect(sendDelegation(tight, word)).rejects.toMatchObject(full);
    expect(await delegateOf(eve.address)).toBe(eve.address);
    await sendDelegation(gateway, word);
    expect(await delegateOf(eve.address)).toBe(ada.address);
  });

  it("of a contract account is carried if the account takes it (ERC-1271), and of what it does not take nothing", async () => {
    const { publicClient } = world.chain.reader;
    const { walletClient } = rich();
    const from = walletClient.account.address;
    // The account, which has votes before it has code, takes one digest: that of its vote for, which is worked out here.
    const nonce = BigInt(await publicClient.getTransactionCount({ address: from })) + 1n;
    const account = getContractAddress({ from, nonce });
    await send(rich(), { ...token(), functionName: "delegate", args: [account] });
    await until((await readProposal(world.chain.reader, open!)).end + 1);
    const early = await draft();
    const mine = { proposalId: early, support: FOR!, voter: account, nonce: 0n, reason: "Agreed." };
    const data = accountThatTakes(hashTypedData(ballotData(world.chain.deployment, mine)));
    const hash = await walletClient.sendTransaction({ data } as never);
    expect((await publicClient.waitForTransactionReceipt({ hash })).contractAddress).toBe(
      account.toLowerCase(),
    );
    const vote = { ballot: mine, signature: toHex(1, { size: 65 }) };
    const against = { ...vote, ballot: { ...mine, support: AGAINST! } };
    await refuseAll([["a vote that has not begun", () => sendVote(gateway, vote)]]);
    await until((await readProposal(world.chain.reader, early)).start + 1);
    await refuseAll([["what the account does not take", () => sendVote(gateway, against)]]);
    await sendVote(gateway, vote);
    expect(await hasVoted(early, account)).toBe(true);
  });
});

/** Creation code of a contract that answers ERC-1271's question with yes for one digest, written by hand. */
function accountThatTakes(digest: Hex): Hex {
  const runtime = concatHex([
    "0x600435", // the digest that is asked for
    "0x7f",
    digest,
    "0x14", // is it this one?
    "0x631626ba7e60e01b02", // ERC-1271's word for yes, or nothing
    "0x5f5260205ff3",
  ]);
  return concatHex(["0x60", toHex(size(runtime), { size: 1 }), "0x8060095f395ff3", runtime]);
}
