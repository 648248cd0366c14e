import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { type Address, type Hex, zeroAddress } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SalusReader } from "@salus/sdk/chain/client";
import { EMPTY_FRONTIER, append, rootOf } from "@salus/sdk/log/frontier";
import { TEST_DEPLOYMENT, testContext } from "../../../test/support/gateway-context.ts";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { takeNonce } from "../auth/nonces.ts";
import { viewThrough } from "../chain/view.ts";
import { type Basis, inConsentLine, lookOnce } from "../consents/last-look.ts";
import { readLocalWord } from "../consents/local-word.ts";
import type { Context } from "../context.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import { type Appended, appendDecisions, appendWithin, type DecisionEntry } from "../log/append-decisions.ts";
import { openShareStore } from "../storage/shares.ts";

/* What requests do together against a real database: one's fault is not another's, and nobody's word comes too late. */

const DATASET = 7n;
const person = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const id = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

type Block = { number: bigint; hash: Hex; timestamp: bigint };
const blockOf = (number: number, fork = "a"): Block => ({
  number: BigInt(number),
  hash: `0x${fork.repeat(56)}${number.toString(16).padStart(8, "0")}`,
  timestamp: 100n,
});

/** A chain that grows as a test says, and counts what it is asked. */
class Chain {
  blocks!: Block[];
  changes!: { block: bigint; subject: Address }[];
  asked!: string[];

  /** Ten blocks, and nothing asked yet. */
  begin(): void {
    this.blocks = Array.from({ length: 10 }, (_, number) => blockOf(number));
    this.changes = [];
    this.asked = [];
  }
  mine(subject?: Address): void {
    const block = blockOf(this.blocks.length);
    this.blocks.push(block);
    if (subject) this.changes.push({ block: block.number, subject });
  }
  get head() {
    const { number, hash, timestamp } = this.blocks.at(-1)!;
    return { number, hash, time: Number(timestamp) };
  }
  reader(): SalusReader {
    const publicClient = {
      getBlock: async ({ blockNumber, blockTag }: { blockNumber?: bigint; blockTag?: string }) => {
        this.asked.push(`block ${blockTag ?? blockNumber}`);
        return blockNumber === undefined ? this.blocks.at(-1)! : this.blocks[Number(blockNumber)]!;
      },
      getBlockNumber: async () => {
        this.asked.push("number");
        return this.head.number;
      },
      getContractEvents: async ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) => {
        this.asked.push(`events ${fromBlock}-${toBlock}`);
        return this.changes
          .filter(({ block }) => block >= fromBlock && block <= toBlock)
          .map(({ subject }) => ({ args: { subject } }));
      },
    };
    return { deployment: TEST_DEPLOYMENT, publicClient } as unknown as SalusReader;
  }
}

let postgres: TestPostgres;
let url: string;
let db: Db;
let context: Context;
const chain = new Chain();

beforeAll(async () => {
  postgres = await startPostgres(25_200);
  url = await postgres.create("together");
  db = await connectDatabase(url);
  context = testContext(3, db, { chain: viewThrough([chain.reader()]) });
});
beforeEach(async () => {
  chain.begin();
  for (const table of ["revocations", "vetoes", "erasures"] as const) await db.deleteFrom(table).execute();
});
afterAll(async () => {
  await db?.destroy();
  await postgres?.stop();
});

const revoke = (to: Db, subject: Address, max_nonce: number) =>
  to
    .insertInto("revocations")
    .values({
      dataset: `${DATASET}`,
      subject,
      max_nonce,
      signature: "0x12",
      received_at: 1,
      two_person: false,
    })
    .execute();

const veto = (subject: Address) =>
  db
    .insertInto("vetoes")
    .values({ id: `veto ${subject}`, dataset: `${DATASET}`, subject, signed: "{}", created_at: 1 })
    .execute();

/** Whether anybody comes to wait in a line of consents. */
async function someoneWaits(): Promise<boolean> {
  for (let i = 0; i < 500; i += 1) {
    const { rows } = await sql`select 1 from pg_locks where locktype = 'advisory' and not granted`.execute(
      db,
    );
    if (rows.length > 0) return true;
    await sleep(10);
  }
  return false;
}

async function basis(): Promise<Basis> {
  const word = await readLocalWord(db, DATASET);
  return {
    dataset: DATASET,
    revoked: new Map([...word.revoked].map(([who, { revocation }]) => [who, revocation.maxNonce])),
    vetoed: new Set(word.vetoed.keys()),
    erased: new Set(word.erased.keys()),
    head: chain.head,
  };
}

describe("the last look before an answer", () => {
  const all = [person(1), person(2), person(3)];

  it("asks the chain once for all who wait, and for no events while the decision's block is the head", async () => {
    const before = await basis();
    expect(await lookOnce(context, before, all)).toEqual([]);
    expect(chain.asked).toEqual(["block latest"]);
    chain.asked = [];
    const looks = Array.from({ length: 9 }, () => lookOnce(context, before, all));
    expect(await Promise.all(looks)).toEqual(looks.map(() => []));
    expect(chain.asked).toEqual(["block latest"]);
  });

  it("finds who spoke since the decision: here, on chain, for a whole dataset", async () => {
    await revoke(db, person(1), 5);
    const before = await basis();
    expect(await lookOnce(context, before, all)).toEqual([]);
    await revoke(db, person(1), 900);
    expect(await lookOnce(context, before, all)).toEqual([person(1)]);
    await veto(person(2));
    chain.mine(person(3));
    expect(await lookOnce(context, before, all)).toEqual(all);
    const now = await basis();
    expect(await lookOnce(context, now, all)).toEqual([]);
    await veto(zeroAddress);
    expect(await lookOnce(context, now, all)).toEqual(all);
  });

  it("waits for a revocation that is being taken in", async () => {
    const before = await basis();
    let stored!: () => void;
    let finish!: () => void;
    const isStored = new Promise<void>((resolve) => (stored = resolve));
    const taken = inConsentLine(db, DATASET, async (tx) => {
      await revoke(tx, person(2), 6);
      stored();
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await isStored;
    const looks = [lookOnce(context, before, all), lookOnce(context, before, [person(3)])];
    // It is acknowledged only after the looks began: both wait for it, and see it.
    const waits = await someoneWaits();
    finish();
    await taken;
    expect(waits, "nobody waited in the line").toBe(true);
    expect(await Promise.all(looks)).toEqual([[person(2)], []]);
  });

  it("fails for the decision whose block is gone, not for those beside it", async () => {
    const gone: Basis = { ...(await basis()) };
    chain.blocks[9] = blockOf(9, "b");
    const standing: Basis = { ...(await basis()) };
    const first = lookOnce(context, standing, all); // begins; the others wait for the next run
    const [, late, beside] = await Promise.allSettled([
      first,
      lookOnce(context, gone, all),
      lookOnce(context, standing, all),
    ]);
    expect(late).toMatchObject({ status: "rejected", reason: { code: "GATEWAY_CHAIN_UNAVAILABLE" } });
    expect(beside).toEqual({ status: "fulfilled", value: [] });
  });
});

describe("what this gateway was told", () => {
  it("is each subject's highest revocation, with who spoke", async () => {
    await revoke(db, person(1), 70_000);
    await revoke(db, person(1), 9);
    await db
      .insertInto("revocations")
      .values({
        dataset: `${DATASET}`,
        subject: person(2),
        max_nonce: 2 ** 39,
        signature: "0x34",
        received_at: 1,
        two_person: false,
        proxy: person(8),
        proxy_since: 4,
      })
      .execute();
    await db
      .insertInto("revocations")
      .values({
        dataset: `${DATASET}`,
        subject: person(4),
        max_nonce: 1,
        signature: "0x56",
        received_at: 1,
        two_person: false,
        overruled_at: 5,
      })
      .execute();
    const { revoked } = await readLocalWord(db, DATASET);
    expect(Object.fromEntries(revoked)).toEqual({
      [person(1)]: { revocation: { dataset: "7", subject: person(1), maxNonce: 70_000 }, signature: "0x12" },
      [person(2)]: {
        revocation: { dataset: "7", subject: person(2), maxNonce: 2 ** 39 },
        signature: "0x34",
        proxy: { key: person(8), since: 4 },
      },
    });
    expect((await readLocalWord(db, 8n)).revoked.size).toBe(0);
  });
});

describe("decisions that go into the log together", () => {
  const entry = (n: number, kind = 1): DecisionEntry => ({
    at: n,
    action: "share",
    orderId: id(n),
    dataset: DATASET,
    subject: person(n),
    kind,
    uses: 2n,
    reason: "PERMITTED",
  });

  it("stand one after the other, each request's own in its promise, one bad request among them", async () => {
    const parts = Array.from({ length: 12 }, (_, n) => [entry(n), entry(n, n === 5 ? 2 ** 40 : 1)]);
    const settled = await Promise.allSettled(parts.map((entries) => appendDecisions(db, 3, entries)));
    expect(settled.map(({ status }) => status === "rejected")).toEqual(parts.map((_, n) => n === 5));
    const stands = await standing();
    for (const [n, each] of settled.entries()) if (each.status === "fulfilled") stands(each.value, [n, n]);
  });

  it("stand in one line with those of another process, and of transactions", async () => {
    const other = await connectDatabase(url);
    try {
      const appenders = [
        (n: number) => appendDecisions(db, 3, [entry(n), entry(n)]),
        (n: number) => appendDecisions(other, 3, [entry(n), entry(n)]),
        (n: number) => db.transaction().execute((tx) => appendWithin(tx, 3, [entry(n), entry(n)])),
      ];
      const appended: Promise<Appended>[] = [];
      for (let n = 0; n < 30; n += 1) {
        appended.push(appenders[n % 3]!(n));
        // Now one after the other, now at once.
        if (n % 5 > 2) await Promise.all(appended);
      }
      const all = await Promise.all(appended);
      const stands = await standing();
      for (const [n, each] of all.entries()) stands(each, [n, n]);
    } finally {
      await other.destroy();
    }
  });

  it("are not there when their transaction is not, and hold up nobody", async () => {
    await appendDecisions(db, 3, [entry(1)]);
    const broken = db.transaction().execute(async (tx) => {
      await appendWithin(tx, 3, [entry(2)]);
      throw new Error("broken off");
    });
    await expect(broken).rejects.toThrow("broken off");
    const appended = await appendDecisions(db, 3, [entry(3)]);
    (await standing())(appended, [3]);
  });

  /** Reads the log, checks that no place is missing, and gives what holds a promise to it. */
  async function standing() {
    const rows = await db.selectFrom("decisions").selectAll().orderBy("index").execute();
    expect(rows.map(({ index }) => index)).toEqual(rows.map((_, i) => i));
    let frontier = EMPTY_FRONTIER;
    const roots = rows.map(({ leaf_hash }) => {
      frontier = append(frontier, leaf_hash);
      return `0x${Buffer.from(rootOf(frontier)).toString("hex")}`;
    });
    return ({ first, log }: Appended, at: number[]) => {
      expect(rows.slice(first, log.size).map((row) => row.at)).toEqual(at);
      expect(log.root).toBe(roots[log.size - 1]);
    };
  }
});

describe("nonces that are taken together", () => {
  it("are each taken once, whoever else asks", async () => {
    const ask = (signer: number, nonce: number) => takeNonce(db, person(signer), id(nonce), 1000);
    const asked = [ask(1, 1), ask(1, 2), ask(1, 1), ask(2, 1), ask(1, 3), ask(1, 2)];
    expect(await Promise.all(asked)).toEqual([true, true, false, true, true, false]);
    expect(await ask(2, 1)).toBe(false);
  });
});

describe("key shares that are looked up together", () => {
  const share = (n: number) => ({
    recordId: id(n),
    share: new Uint8Array(33).fill(n),
    salt: new Uint8Array(32).fill(n + 100),
  });
  const scope = { asset: DATASET, originVersion: 1 };

  it("go to who asked for them, of their version, and open with the key of this gateway alone", async () => {
    const store = openShareStore(db, new Uint8Array(32).fill(1));
    await store.put(scope, [share(1), share(2), share(3)]);
    await store.put({ ...scope, originVersion: 2 }, [{ ...share(9), recordId: id(1) }]);
    const found = await Promise.all([
      store.get(scope, [id(1)]),
      store.get(scope, [id(3), id(2), id(4)]),
      store.get(scope, []),
      store.get({ ...scope, originVersion: 2 }, [id(1), id(2)]),
      store.get(scope, [id(1), id(2)]),
    ]);
    expect(found.map((shares) => Object.fromEntries(shares))).toEqual([
      { [id(1)]: share(1) },
      { [id(2)]: share(2), [id(3)]: share(3) },
      {},
      { [id(1)]: { ...share(9), recordId: id(1) } },
      { [id(1)]: share(1), [id(2)]: share(2) },
    ]);
    const thief = openShareStore(db, new Uint8Array(32).fill(2));
    await expect(thief.get(scope, [id(1)])).rejects.toMatchObject({ code: "GATEWAY_INTERNAL" });
    await store.delete(scope, [id(1)]);
    expect([...(await store.get(scope, [id(1), id(2)])).keys()]).toEqual([id(2)]);
  });
});
