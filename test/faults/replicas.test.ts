/** Several processes of one gateway: one log, one line of transactions, work that goes on when one of them ends. */
import { randomBytes, randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { existsSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import pg from "pg";
import { sql } from "kysely";
import { keccak256, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { assetId, auditGateway, cidOf, OrderKind } from "@salus/sdk";
import {
  AUTHORIZATION_SCHEME,
  bodyDigest,
  encodeHeader,
  eraseRecords,
  freshness,
  getBlob,
  putBlob,
  signErasure,
  signRequest,
  signUploadToken,
  submitJob,
  waitForOrder,
  type GatewayTarget,
} from "@salus/sdk/gateway/index";
import { connectDatabase, type Db } from "../../gateway/src/database/connect.ts";
import { escrowEvents, escrowTransactions } from "../support/chain-oracle.ts";
import {
  startGatewayNetwork,
  until,
  type GatewayNetwork,
  type GatewayProcess,
} from "../support/gateway-network.ts";
import {
  COUNT,
  endow,
  listPatients,
  placeOrder,
  resultOf,
  subjectOf,
  uploadTokenFor,
  type Dataset,
  type Placed,
} from "../support/gateway-market.ts";

const SIZE = 20;
const buyer = privateKeyToAccount(keccak256(toHex("buyer of the replica tests")));
let network: GatewayNetwork;
let dataset: Dataset;
/** two processes of gateway 1 */
let first: GatewayProcess;
let second: GatewayProcess;
let db: Db;

beforeAll(async () => {
  network = await startGatewayNetwork(23_220);
  await endow(network, buyer);
  dataset = await listPatients(network, SIZE);
  first = network.gateways[0]!;
  second = await network.replicaOf(0);
  await second.start();
  db = await connectDatabase(first.databaseUrl);
}, 120_000);
afterAll(async () => {
  await db?.destroy();
  await network?.stop();
});

const place = () =>
  placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Analysis, spec: COUNT, submit: false });
const uploadToken = () => uploadTokenFor(network, { asset: dataset.asset, salt: dataset.listing.salt });

/** Orders whose settlement is looked at together: none waits for another's dispute window. */
const delivered: Placed[] = [];

/** Delivered once, as a process of the gateway tells it; that it is settled once is looked at in the end. */
async function assertDelivered(placed: Placed, at: GatewayTarget): Promise<void> {
  const view = await waitForOrder(at, { id: placed.id, timeout: 60_000 });
  expect(["delivered", "settled"]).toContain(view.state);
  expect(await escrowEvents(network, "OrderDelivered", placed)).toBe(1);
  delivered.push(placed);
}

/** One tree: every place is taken once, and it is what the chain has. */
async function assertOneLog(): Promise<void> {
  const rows = await db.selectFrom("decisions").select("index").orderBy("index").execute();
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_, i) => i));
  const { size } = await db.selectFrom("log_state").select("size").executeTakeFirstOrThrow();
  expect(size).toBe(rows.length);
  expect(await auditGateway(network.reader, first.target(), { promises: [], entries: true })).toMatchObject({
    ok: true,
    findings: [],
  });
}

describe("two replicas of one gateway", () => {
  test("share the work of orders that either took: each is done once, in one log", async () => {
    const placed: Placed[] = [];
    for (let i = 0; i < 3; i += 1) placed.push(await place());
    // Each job is handed in at both at the same time.
    await Promise.all(
      placed.flatMap(({ submission }) => [first, second].map((each) => submitJob(each.target(), submission))),
    );
    for (const [i, each] of placed.entries()) await assertDelivered(each, [first, second][i % 2]!.target());
    await assertOneLog();
  });

  test("go on with each other's work: one is killed in the middle of a job, the other one delivers", async () => {
    const placed = await place();
    first.crashAt("job.running"); // whichever comes there; both look at the same file
    await submitJob(first.target(), placed.submission);
    const victim = await Promise.any([first, second].map(async (each) => (await each.crashed(), each)));
    const survivor = victim === first ? second : first;
    await assertDelivered(placed, survivor.target());
    await victim.start();
    const { opened } = await resultOf(network, placed, buyer, survivor.target());
    expect(opened.result).toMatchObject({ kind: "count" });
    await assertOneLog();
  });

  test("leave an order alone that another one is at", async () => {
    const placed = await place();
    const other = new pg.Client({ connectionString: first.databaseUrl });
    await other.connect();
    const lock = [`salus:order:${placed.id}`];
    await other.query("select pg_advisory_lock(hashtextextended($1, 0))", lock);
    await submitJob(first.target(), placed.submission);
    const row = () =>
      db.selectFrom("orders").selectAll().where("id", "=", placed.id).executeTakeFirstOrThrow();
    // Somebody came to the order, found it taken, and put it in line for later.
    await until(async () => {
      const { rows } = await sql`select 1 from graphile_worker.jobs
        where key = ${`run:${placed.id}`} and run_at > created_at + interval '1 second'`.execute(db);
      return rows.length === 1;
    }, 20);
    expect(await row()).toMatchObject({ state: "queued", runs: 0 });
    await other.end();
    await assertDelivered(placed, second.target());
    expect((await row()).runs).toBe(1);
  });

  test("take each signed request once between them", async () => {
    for (let i = 0; i < 8; i += 1) {
      const path = `/v1/vetoes/${randomUUID()}`;
      const authorization = await signedHeader("DELETE", path);
      const answers = await Promise.all(
        [first, second].map(async ({ url }) => {
          const response = await fetch(`${url}${path}`, { method: "DELETE", headers: { authorization } });
          return ((await response.json()) as { code: string }).code;
        }),
      );
      expect(answers.toSorted()).toEqual(["GATEWAY_REQUEST_REPLAYED", "GATEWAY_VETO_UNKNOWN"]);
    }
  });

  test("keep what the other one is writing, also while one starts", async () => {
    const blobs = Array.from({ length: 8 }, () => randomBytes(200_000));
    const upload = await uploadToken();
    await second.stop();
    // What a replica is just writing, and what one that was killed left behind days ago.
    const draft = (name: string) => join(first.folder, "storage/blobs", `${name}.draft`);
    for (const name of ["fresh", "old"]) writeFileSync(draft(name), "begun");
    const longAgo = Date.now() / 1000 - 7 * 86_400;
    utimesSync(draft("old"), longAgo, longAgo);
    const starting = second.start();
    for (const bytes of blobs) await putBlob(first.target(), { bytes, upload });
    await starting;
    expect(existsSync(draft("fresh"))).toBe(true);
    await until(async () => !existsSync(draft("old")), 10);
    rmSync(draft("fresh"));
    for (const bytes of blobs)
      expect(Buffer.from(await getBlob(second.target(), cidOf(bytes))).equals(bytes)).toBe(true);
  });
});

test("a replica that loses the connection of its locks joins anew, and goes on", async () => {
  const ids = async () => (await db.selectFrom("replicas").select("id").execute()).map(({ id }) => id);
  const before = await ids();
  expect(before).toHaveLength(2);
  const placed = await place();
  await submitJob(first.target(), placed.submission);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'salus replica'`.execute(db);
  await until(async () => {
    const now = await ids();
    return now.length === 2 && now.every((id) => !before.includes(id));
  }, 15);
  await assertDelivered(placed, second.target());
});

async function signedHeader(method: string, path: string): Promise<string> {
  const signer = privateKeyToAccount(first.keys.operatorKey);
  const { issuedAt, nonce } = freshness();
  const message = {
    signer: signer.address,
    method,
    path,
    body: bodyDigest(new Uint8Array()),
    gateway: 1,
    issuedAt,
    nonce,
  };
  const signature = await signRequest({ ...first.target(), signer, primaryType: "Request", message });
  return `${AUTHORIZATION_SCHEME} ${encodeHeader({ signer: signer.address, issuedAt, nonce, signature })}`;
}

describe("an idempotency key", () => {
  /** Opens an upload; what it opens shows whether it was done again. */
  async function open(at: GatewayProcess, key: string | undefined, size: number, upload?: string) {
    const response = await fetch(`${at.url}/v1/uploads`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-salus-upload": upload ?? (await uploadToken()),
        ...(key ? { "idempotency-key": key } : {}),
      },
      body: JSON.stringify({ size }),
    });
    const body = (await response.json()) as { id?: string; code?: string; hint?: string };
    return { status: response.status, body, replayed: response.headers.get("idempotency-replayed") };
  }

  test("gives the same request the same answer, from either replica; another request is refused", async () => {
    const key = randomUUID();
    const once = await open(first, `"${key}"`, 1000);
    expect(once).toMatchObject({ status: 201, replayed: null });
    expect(await open(second, key, 1000)).toEqual({ ...once, replayed: "true" });
    const other = await open(second, key, 1001);
    expect(other).toMatchObject({ status: 422, body: { code: "GATEWAY_IDEMPOTENCY_KEY_REUSED" } });
    expect(other.body.hint).toMatch(/key/);
    expect((await open(first, randomUUID(), 1000)).body.id).not.toBe(once.body.id);
    expect(await open(first, "short", 1000)).toMatchObject({
      status: 400,
      body: { code: "GATEWAY_INVALID_REQUEST" },
    });
  });

  test("is its caller's own", async () => {
    const key = randomUUID();
    const once = await open(first, key, 1000);
    const curator = privateKeyToAccount(network.gateways[1]!.keys.operatorKey);
    const salt = toHex(randomBytes(32));
    const upload = await signUploadToken({
      signer: curator,
      chainId: 31337,
      gatewayRegistry: network.deployment.contracts.GatewayRegistry,
      asset: assetId(curator.address, salt),
      curator: curator.address,
      salt,
      custodian: 2,
    });
    const theirs = await open(first, key, 1000, upload);
    expect(theirs).toMatchObject({ status: 201, replayed: null });
    expect(theirs.body.id).not.toBe(once.body.id);
  });

  test("lets a write happen once when both replicas are asked at the same time", async () => {
    for (let i = 0; i < 5; i += 1) {
      const key = randomUUID();
      const before = await uploads();
      const answers = await Promise.all([first, second, first, second].map((each) => open(each, key, 2000)));
      for (const { status, body } of answers) {
        if (status !== 201) expect([status, body.code]).toEqual([409, "GATEWAY_WRITE_UNDER_WAY"]);
      }
      expect((await uploads()) - before).toBe(1);
    }
  });

  test("of what was refused is free again", async () => {
    const key = randomUUID();
    expect(await open(first, key, 2 ** 40 - 1)).toMatchObject({ status: 413 });
    expect(await open(first, key, 1000)).toMatchObject({ status: 201, replayed: null });
  });

  test("whose process was killed is taken up by the next request", async () => {
    const key = randomUUID();
    first.crashAt("upload.opened");
    await expect(open(first, key, 3000)).rejects.toThrow();
    await first.crashed();
    await until(async () => (await open(second, key, 3000)).status === 201, 10);
    await first.start();
    expect(await open(first, key, 3000)).toMatchObject({ status: 201, replayed: "true" });
  });

  async function uploads(): Promise<number> {
    return (await db.selectFrom("uploads").select("id").execute()).length;
  }
});

describe("a gateway that is asked to stop", () => {
  test("ends what is under way, refuses what is new with a hint, is not ready meanwhile, and is gone in time", async () => {
    const bytes = randomBytes(50_000);
    const slow = await beginUpload(first, bytes);
    first.signal("SIGTERM");
    await until(async () => (await fetch(`${first.url}/ready`)).status === 503, 5);
    const refused = await fetch(`${first.url}/v1/info`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toMatchObject({
      code: "GATEWAY_STOPPING",
      hint: expect.stringMatching(/again/),
    });
    expect((await fetch(`${first.url}/health`)).status).toBe(200);
    expect((await fetch(`${second.url}/v1/info`)).status).toBe(200);
    expect(await slow.finish()).toBe(201);
    expect(await first.ended(20)).toEqual({ code: 0, signal: null });
    expect(Buffer.from(await getBlob(second.target(), cidOf(bytes))).equals(bytes)).toBe(true);
    await first.start();
  });

  test("does not wait for ever for a request that never ends", async () => {
    const slow = await beginUpload(first, randomBytes(50_000));
    first.signal("SIGTERM");
    // SALUS_SHUTDOWN_SECONDS is 5 here; what is called off then has 5 more.
    expect((await first.ended(25)).signal).toBeNull();
    slow.drop();
    await first.start();
  });

  test("hands its job over, and the order is done once", async () => {
    const placed = await place();
    await submitJob(first.target(), placed.submission);
    await until(async () => {
      const row = await db
        .selectFrom("orders")
        .select("state")
        .where("id", "=", placed.id)
        .executeTakeFirst();
      return row?.state !== "queued";
    });
    first.signal("SIGTERM");
    expect((await first.ended(25)).code).toBe(0);
    await assertDelivered(placed, second.target());
    await first.start();
  });

  /** Sends the first half of a file and waits. */
  async function beginUpload({ url }: GatewayProcess, bytes: Buffer) {
    const upload = await uploadToken();
    const outgoing = httpRequest(`${url}/v1/blobs/${cidOf(bytes)}`, {
      method: "PUT",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": bytes.length,
        "x-salus-upload": upload,
      },
    });
    const status = new Promise<number>((resolve, reject) => {
      outgoing.once("response", (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      outgoing.once("error", reject);
    });
    status.catch(() => undefined);
    await new Promise<void>((resolve) => outgoing.write(bytes.subarray(0, 1000), () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 500)); // until its headers have been read
    return {
      finish() {
        outgoing.end(bytes.subarray(1000));
        return status;
      },
      drop: () => outgoing.destroy(),
    };
  }
});

describe("a gateway restored from a backup of before an erasure, database and files together", () => {
  const leafOf = (i: number) =>
    dataset.built.manifest.entries.find(({ leaf }) => leaf.subject === subjectOf(i).address.toLowerCase())!
      .leaf;

  /** Erases a subject everywhere, and brings gateway 3 back to before, as a restored backup would. */
  async function eraseAndRestore(i: number): Promise<() => Promise<boolean>> {
    const third = network.gateways[2]!;
    const { recordId } = leafOf(i);
    const own = await connectDatabase(third.databaseUrl);
    const shares = await own.selectFrom("key_shares").selectAll().where("record_id", "=", recordId).execute();
    expect(shares).toHaveLength(1);
    const wish = await signErasure(network.gateways[1]!.target(), {
      dataset: dataset.asset,
      signer: subjectOf(i),
    });
    expect(await eraseRecords(network.gateways[1]!.target(), wish)).toMatchObject({ status: "erased" });
    await third.stop();
    for (const table of ["erasures", "erasure_receipts", "erased_contents"] as const)
      await own.deleteFrom(table).execute();
    await own.insertInto("key_shares").values(shares).execute();
    rmSync(join(third.folder, "storage/tombstones"), { recursive: true });
    await own.destroy();
    return async () => {
      const again = await connectDatabase(third.databaseUrl);
      const left = await again
        .selectFrom("key_shares")
        .select("record_id")
        .where("record_id", "=", recordId)
        .execute();
      await again.destroy();
      return left.length > 0;
    };
  }

  test("asks the others before it serves, and has nothing of the person when it does", async () => {
    const isThere = await eraseAndRestore(2);
    expect(await isThere()).toBe(true);
    await network.gateways[2]!.start();
    expect(await isThere()).toBe(false);
  });

  test("asks them as soon as they are back when nobody answered at the start", async () => {
    const isThere = await eraseAndRestore(4);
    await Promise.all([first.stop(), second.stop(), network.gateways[1]!.stop()]);
    await network.gateways[2]!.start();
    expect(await isThere()).toBe(true);
    await Promise.all([first.start(), network.gateways[1]!.start()]);
    await until(async () => !(await isThere()), 40);
  });
});

test("all these orders were delivered and settled once, by one transaction each", async () => {
  expect(delivered).toHaveLength(7);
  for (const placed of delivered) {
    const about = { id: placed.id, until: ["settled"], timeout: 60_000 } as const;
    expect(await waitForOrder(first.target(), about)).toMatchObject({ state: "settled" });
    for (const name of ["OrderDelivered", "OrderSettled"] as const)
      expect(await escrowEvents(network, name, placed)).toBe(1);
    for (const name of ["deliver", "settle"] as const)
      expect(await escrowTransactions(network, 1, name, placed)).toBe(1);
  }
});
