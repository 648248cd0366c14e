import type { FastifyInstance } from "fastify";
import { type Address, type Hex, toHex, zeroAddress } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { readSlots } from "@salus/sdk/consent/read-slots";
import { signRevocation } from "@salus/sdk/consent/sign-revocation";
import { submitGrant } from "@salus/sdk/consent/submit-grant";
import { fromWire, toWire } from "@salus/sdk/gateway/wire";
import { MODES } from "@salus/sdk/generated/constants";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import { devAccount } from "../../../test/support/local-chain.ts";
import { neverSends, overtakenBy, triedAtOnce } from "../../../test/support/relaying.ts";
import { bringRevocationOnChain } from "../consents/submit-revocation.ts";
import { keepHandOver, type KeptWord } from "../consents/keep-hand-over.ts";
import { receiveRevocation } from "../consents/receive-revocation.ts";
import type { Context } from "../context.ts";
import { viewThrough } from "../chain/view.ts";
import { LIMIT } from "../http/limits.ts";
import { payFor } from "./pay-for.ts";

const DATASET = 9n;
/** What one grant costs at the most, with the margin that is set aside. */
const ENOUGH = 200_000;
let world: GatewayApp;

beforeAll(async () => {
  world = await startGatewayApp(23_420);
}, 120_000);
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.context.db.deleteFrom("relays").execute();
});

let people = 0;
/** A person whom the gateway knows, and who never asked for anything. */
async function somebody(): Promise<PrivateKeyAccount> {
  people += 1;
  const account = privateKeyToAccount(toHex(5_000_000 + people, { size: 32 }));
  await world.know(DATASET, account.address);
  return account;
}

const environment = (relayGas: Context["environment"]["relayGas"]) => ({
  environment: { ...world.context.environment, relayGas },
});

async function grantOf(
  subject: Address,
  signer: PrivateKeyAccount,
  { nonce = 0, deployment = world.context.deployment } = {},
) {
  const message = {
    dataset: DATASET,
    subject,
    purposes: 1n,
    expiry: 4_000_000_000,
    modes: MODES.ANALYSIS,
    nonce,
  };
  const grant = { ...message } as never;
  return {
    grant: toWire("Grant", grant),
    signature: await signStruct(deployment, "Grant", grant, signer),
  };
}

async function post(app: FastifyInstance, url: string, payload: object) {
  const answer = await app.inject({ method: "POST", url, payload });
  const body = answer.json() as { code?: string; hint?: string; transaction?: Hex };
  return { status: answer.statusCode, retryAfter: answer.headers["retry-after"], ...body };
}
const grant = (app: FastifyInstance, payload: object) => post(app, "/v1/consents/grants", payload);

const spentRows = () => world.context.db.selectFrom("relays").selectAll().execute();
const nonceOf = async (subject: Address) =>
  (await readSlots(world.chain.reader, { dataset: DATASET, subjects: [subject] }))[0]!.nonce;
const purse = () =>
  world.chain.reader.publicClient.getBalance({ address: world.context.keys.operator.address });

describe("the relayer", () => {
  it("brings a person's word on chain once, and tells its transaction to whoever asks again, at any replica", async () => {
    const person = await somebody();
    const word = await grantOf(person.address, person);
    const first = await grant(world.app, word);
    expect(first).toMatchObject({ status: 200, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
    expect(await nonceOf(person.address)).toBe(1);
    const { gasUsed } = await world.chain.reader.publicClient.getTransactionReceipt({
      hash: first.transaction!,
    });
    expect(await spentRows()).toMatchObject([
      { kind: "Grant", gas: Number(gasUsed), transaction: first.transaction },
    ]);
    // Without asking the contract again, which would refuse it.
    const told = await grant(await world.replica({ sender: neverSends }), word);
    expect(told).toMatchObject({ status: 200, transaction: first.transaction });
  });

  it("tells the transaction of another replica that was first, at no cost", async () => {
    const person = await somebody();
    const word = await grantOf(person.address, person);
    let transaction: Hex | undefined;
    let before: bigint | undefined;
    const sender = overtakenBy(world.context.sender, async () => {
      ({ transaction } = await grant(world.app, word));
      before = await purse();
    });
    const told = await grant(await world.replica({ sender }), word);
    expect(told).toMatchObject({ status: 200, transaction });
    expect(await purse()).toBe(before);
  });

  it("sends once what two replicas are at when both find that the contract takes it", async () => {
    const person = await somebody();
    const word = await grantOf(person.address, person);
    const { sender, sent } = triedAtOnce(world.chain.as(devAccount(1)), 2);
    const apps = [await world.replica({ sender }), await world.replica({ sender })];
    const answers = await Promise.all(apps.map((app) => grant(app, word)));
    expect(answers.map(({ status, code }) => code ?? status).toSorted()).toEqual([
      200,
      "GATEWAY_RELAY_RUNNING",
    ]);
    expect(sent()).toBe(1);
    expect(await spentRows()).toHaveLength(1);
    expect(await nonceOf(person.address)).toBe(1);
  });

  it("spends nothing on a word of anybody who must not pass", async () => {
    const [person, other] = [await somebody(), await somebody()];
    const stranger = privateKeyToAccount(toHex(6_000_000, { size: 32 }));
    const custodian = world.chain.gateways[0]!.signer;
    const elsewhere = { ...world.context.deployment, chainId: 1 };
    const tried: [who: string, url: string, body: object][] = [
      ["a stranger", "grants", await grantOf(person.address, stranger)],
      ["another person of the dataset", "grants", await grantOf(person.address, other)],
      ["the custodian's gateway", "grants", await grantOf(person.address, custodian)],
      ["a person nobody here knows", "grants", await grantOf(stranger.address, stranger)],
      [
        "a word for another chain",
        "grants",
        await grantOf(person.address, person, { deployment: elsewhere }),
      ],
      ["a word for a nonce to come", "grants", await grantOf(person.address, person, { nonce: 1 })],
      [
        "garbage for a signature",
        "grants",
        { ...(await grantOf(person.address, person)), signature: "0x00" },
      ],
      ...(await Promise.all(
        (["ProxyNaming", "ProxyRemoval", "ProxyGrant"] as const).map(
          async (name): Promise<[string, string, object]> => {
            const message = {
              dataset: DATASET,
              subject: person.address,
              proxy: other.address,
              rights: 1,
              expiry: 4_000_000_000,
              purposes: 1n,
              modes: MODES.ANALYSIS,
              nonce: 0,
              maxNonce: 10,
              since: 0,
            } as never;
            const signature = await signStruct(world.context.deployment, name, message, stranger);
            return [`a stranger's ${name}`, `proxies/${name}`, { message: toWire(name, message), signature }];
          },
        ),
      )),
    ];
    const before = await purse();
    let trials = 0;
    const counted: Context["sender"] = (transaction) => {
      trials += 1;
      return world.context.sender(transaction);
    };
    const app = await world.replica({ sender: counted });
    for (const [who, url, body] of tried) {
      const answer = await post(app, `/v1/consents/${url}`, body);
      expect(answer.status, `${who}: ${JSON.stringify(answer)}`).toBe(422);
      expect(answer.hint!.length, who).toBeGreaterThan(10);
      // A word that nobody who may has signed does not even get as far as the line of transactions.
      if (who !== "a word for a nonce to come") expect(trials, who).toBe(0);
      trials = 0;
    }
    expect(await spentRows()).toEqual([]);
    expect(await purse()).toBe(before);
    expect(await nonceOf(person.address)).toBe(0);
  });

  it("stops at one subject's gas for a day, says what to do next, and goes on the day after", async () => {
    const person = await somebody();
    const budget = environment({ aDay: 10_000_000, aSubject: ENOUGH });
    const app = await world.replica(budget);
    let nonce = 0;
    let answer = await grant(app, await grantOf(person.address, person));
    while (answer.status === 200) {
      nonce += 1;
      answer = await grant(app, await grantOf(person.address, person, { nonce }));
    }
    expect(nonce).toBeGreaterThan(1);
    expect(answer).toMatchObject({ status: 429, code: "GATEWAY_RELAY_BUDGET" });
    expect(answer.hint).toMatch(/on chain.*another gateway.*Stopping is never refused/);
    expect(Number(answer.retryAfter)).toBeGreaterThan(80_000);
    expect(await nonceOf(person.address)).toBe(nonce);
    const used = (await spentRows()).reduce((sum, { gas }) => sum + gas, 0);
    expect(used).toBeLessThanOrEqual(ENOUGH);
    const other = await somebody();
    expect((await grant(app, await grantOf(other.address, other))).status).toBe(200);
    const tomorrow = await world.replica({ ...budget, now: () => world.context.now() + 86_401 });
    expect((await grant(tomorrow, await grantOf(person.address, person, { nonce }))).status).toBe(200);
  });

  it("stops at the day's gas over all replicas, however many ask at once", async () => {
    const budget = environment({ aDay: 400_000, aSubject: 400_000 });
    const apps = [await world.replica(budget), await world.replica(budget)];
    const crowd = await Promise.all(Array.from({ length: 16 }, somebody));
    const answers = await Promise.all(
      crowd.map(async (person, i) => grant(apps[i % 2]!, await grantOf(person.address, person))),
    );
    const passed = answers.filter(({ status }) => status === 200).length;
    expect(answers.filter(({ code }) => code === "GATEWAY_RELAY_BUDGET")).toHaveLength(16 - passed);
    const rows = await spentRows();
    expect(rows).toHaveLength(passed);
    expect(passed).toBeGreaterThan(1);
    expect(rows.reduce((sum, { gas }) => sum + gas, 0)).toBeLessThanOrEqual(400_000);
  });

  it("brings a revocation on chain when all gas is used up, and of one subject only so many a day", async () => {
    const person = await somebody();
    const context = { ...world.context, ...environment({ aDay: 0, aSubject: 0 }) };
    expect((await grant(await world.replica(context), await grantOf(person.address, person))).code).toBe(
      "GATEWAY_RELAY_BUDGET",
    );
    const subject = person.address.toLowerCase() as Address;
    let nonce = 0;
    for (let i = 0; i <= LIMIT.revocationsADay; i += 1) {
      const about = { dataset: DATASET, subject: person.address, nonce };
      const { message, signature } = await signRevocation(context.deployment, about, person);
      await receiveRevocation(context, { revocation: toWire("Revocation", message), signature });
      const task = { dataset: `${DATASET}`, subject, maxNonce: message.maxNonce };
      await bringRevocationOnChain(context, task);
      const mined = await nonceOf(person.address);
      if (i < LIMIT.revocationsADay) expect(mined).toBe(message.maxNonce + 1);
      else {
        // It holds here all the same, and is sent when the day is over.
        expect(mined).toBe(nonce);
        await bringRevocationOnChain({ ...context, now: () => world.context.now() + 86_401 }, task);
        expect(await nonceOf(person.address)).toBe(message.maxNonce + 1);
      }
      nonce = await nonceOf(person.address);
    }
  });

  it("gives gas back that was set aside for what was never sent, and lets the word be tried again", async () => {
    const person = await somebody();
    const word = await grantOf(person.address, person);
    const broken: Context["sender"] = (transaction) =>
      world.context.sender((writer) => {
        const walletClient = {
          ...writer.walletClient,
          writeContract: () => Promise.reject(new Error("down")),
        };
        return transaction({ ...writer, walletClient: walletClient as never });
      });
    const failed = await grant(await world.replica({ sender: broken }), word);
    expect(failed.status).toBe(503);
    expect(await spentRows()).toEqual([]);
    expect((await grant(world.app, word)).status).toBe(200);
    expect(await nonceOf(person.address)).toBe(1);
  });

  describe("of a word that a reorganisation took away", () => {
    const SENT: Hex = `0x${"5e".repeat(32)}`;
    const GAS = 61_000n;
    const SOMEBODY = `0x${"ab".repeat(20)}` as Address;

    /** A chain on which a take-over of the subject's place is pending, and a wallet that counts what it sends. */
    function onChain(subject: Address, lost: "hand-over" | "contest") {
      const nonce = lost === "contest" ? 1 : 0;
      const publicClient = {
        getBlock: async () => ({ number: 9n, hash: SENT, timestamp: BigInt(world.context.now()) }),
        readContract: async ({ functionName }: { functionName: string }) =>
          functionName === "controllerOf"
            ? zeroAddress
            : {
                account: nonce === 0 ? zeroAddress : SOMEBODY,
                inForceFrom: 4_000_000_000,
                nonce,
                proven: true,
              },
        simulateContract: async () => ({ request: {} }),
        estimateContractGas: async () => GAS,
        waitForTransactionReceipt: async () => ({ status: "success", gasUsed: GAS, transactionHash: SENT }),
      };
      const sent: string[] = [];
      const walletClient = {
        account: { address: subject },
        writeContract: async () => {
          sent.push(lost);
          return SENT;
        },
      };
      const { deployment } = world.context;
      const sender: Context["sender"] = (transaction) =>
        transaction({ deployment, publicClient, walletClient } as never);
      const chain = viewThrough([{ deployment, publicClient } as never]);
      return { sent, change: { sender, chain, queue: { add: async () => undefined } as never } };
    }

    function keptOf(word: "hand-over" | "contest", subject: Address): KeptWord {
      const about = { dataset: DATASET.toString(), subject, nonce: 0 };
      const since = world.context.now();
      const signature = "0x01" as Hex;
      if (word === "contest") {
        return { word, since, body: { contest: about, codeKey: zeroAddress, signature } as never };
      }
      const handOver = { ...about, controller: SOMEBODY, validUntil: 4_000_000_000 };
      const body = { handOver, codeKey: zeroAddress, codeSignature: signature } as never;
      return { word, since, body, custodianSignature: signature };
    }

    it.each(["hand-over", "contest"] as const)("counts the gas of sending a %s again", async (word) => {
      const { address } = await somebody();
      const { sent, change } = onChain(address, word);
      await keepHandOver({ ...world.context, ...change }, keptOf(word, address));
      expect(sent).toEqual([word]);
      expect(await spentRows()).toMatchObject([
        { gas: Number(GAS), transaction: SENT, subject: address.toLowerCase(), dataset: `${DATASET}` },
      ]);
    });

    it("sends a hand-over within the day's gas only, and an objection above it", async () => {
      const { address } = await somebody();
      const nothing = environment({ aDay: 0, aSubject: 0 });
      const handOver = onChain(address, "hand-over");
      await keepHandOver({ ...world.context, ...handOver.change, ...nothing }, keptOf("hand-over", address));
      expect(handOver.sent).toEqual([]);
      const contest = onChain(address, "contest");
      await keepHandOver({ ...world.context, ...contest.change, ...nothing }, keptOf("contest", address));
      expect(contest.sent).toEqual(["contest"]);
    });
  });

  it("keeps gas set aside when the chain does not say what a transaction used, and tells of it", async () => {
    const person = await somebody();
    const word = await grantOf(person.address, person);
    const told: unknown[] = [];
    const logger = { ...world.context.logger, error: (about: unknown) => void told.push(about) };
    const { reader } = world.context.chain;
    const away = { ...reader.publicClient, getTransactionReceipt: () => Promise.reject(new Error("away")) };
    const unmined: Context["sender"] = (transaction) =>
      world.context.sender((writer) => {
        const waitForTransactionReceipt = () => Promise.reject(new Error("too long"));
        return transaction({
          ...writer,
          publicClient: { ...writer.publicClient, waitForTransactionReceipt } as never,
        });
      });
    const about = { word: "word of the test", kind: "Grant", dataset: DATASET, subject: person.address };
    const context = {
      ...world.context,
      logger: logger as never,
      chain: { ...world.context.chain, reader: { ...reader, publicClient: away as never } },
      sender: unmined,
    };
    const { grant: wire, signature } = word;
    const send = (writer: SalusWriter) =>
      submitGrant(writer, { message: fromWire("Grant", wire), signature });
    await expect(payFor(context, about, send)).rejects.toThrow(/call to the chain failed/);
    expect(told).toMatchObject([{ err: { message: "away" } }]);
    expect(await spentRows()).toMatchObject([{ word: about.word, transaction: null }]);
    // In a block or not yet: without a receipt nothing is told, and the gas stays set aside all the same.
    expect((await spentRows())[0]!.gas).toBeGreaterThan(0);
  });

  it("refuses a contest of a code that is not the subject's", async () => {
    const person = await somebody();
    const contest = { dataset: DATASET, subject: person.address, nonce: 0 };
    const signature = await signStruct(world.context.deployment, "Contest", contest, person);
    const body = { contest: toWire("Contest", contest), codeKey: zeroAddress, signature };
    const untried: Context["sender"] = () => Promise.reject(new Error("The contract was asked."));
    const app = await world.replica({ sender: untried });
    // Gateway 1 is custodian of no dataset here, so that nobody but the code's key could have signed it.
    expect(await post(app, "/v1/consents/contests", body)).toMatchObject({
      status: 404,
      code: "GATEWAY_ASSET_UNKNOWN",
    });
    expect(await spentRows()).toEqual([]);
  });
});
