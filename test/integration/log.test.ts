/** The gateways' logs on a real chain: checkpoints, proofs for a subject, and what comes of a log that was tampered with. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keccak256, toHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  auditGateway,
  auditHistory,
  getCheckpoint,
  getLogPosition,
  logCheckpointsAbi,
  OrderKind,
  readCheckpoint,
  readCheckpoints,
  signCheckpoint,
  type SignedPromise,
} from "@salus/sdk";
import { getResult, sendForJson, submitJob, type GatewayRequestError } from "@salus/sdk/gateway/index";
import { connectDatabase, type Db } from "../../gateway/src/database/connect.ts";
import {
  deliveryOf,
  endow,
  listPatients,
  placeOrder,
  COUNT,
  subjectOf,
  type Dataset,
} from "../support/gateway-market.ts";
import { startGatewayNetwork, until, type GatewayNetwork } from "../support/gateway-network.ts";

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the log tests")));
let network: GatewayNetwork;
let dataset: Dataset;
let order: Hex;
const promises: SignedPromise[] = [];

beforeAll(async () => {
  network = await startGatewayNetwork(24_200);
  await endow(network, buyer);
  dataset = await listPatients(network, 12);
}, 120_000);
afterAll(() => network?.stop());

const target = (index: number) => network.gateways[index - 1]!.target();
const audit = (index: number, given: SignedPromise[] = []) =>
  auditGateway(network.reader, target(index), { promises: given, entries: true });
const history = (subject: number) =>
  auditHistory(network.reader, target(1), {
    dataset: dataset.asset,
    signer: subjectOf(subject),
    expected: [order],
    now: Math.floor(Date.now() / 1000),
  });

async function refusalOf(work: Promise<unknown>): Promise<GatewayRequestError> {
  const error = await work.then(
    () => undefined,
    (cause: GatewayRequestError) => cause,
  );
  expect(error).toBeDefined();
  return error!;
}

/** Waits until the chain knows this much of a gateway's log. */
const covered = (gateway: number, size: number) =>
  until(async () => Number((await readCheckpoint(network.reader, gateway))?.size ?? 0) >= size);

describe("checkpoints", () => {
  test("bring every decision of a job and every refusal on chain, cosigned, as was promised", async () => {
    const placed = await placeOrder(network, {
      buyer,
      asset: dataset.asset,
      kind: OrderKind.Analysis,
      spec: COUNT,
      submit: false,
    });
    order = placed.id;
    const wrong = { ...placed.submission, salt: `0x${"01".repeat(32)}` as const };
    const refused = await refusalOf(submitJob(placed.executor, wrong));
    expect(refused).toMatchObject({ code: "GATEWAY_JOB_MISMATCH", promise: { promise: { order } } });
    const { promise } = await submitJob(placed.executor, placed.submission);
    const again = await submitJob(placed.executor, placed.submission);
    promises.push(refused.promise!, promise!, again.promise!);
    expect(promise!.promise.size).toBe(refused.promise!.promise.size + 1);
    await deliveryOf(placed);
    await Promise.all(promises.map((each) => covered(1, each.promise.size)));
    for (const index of [1, 2]) {
      await covered(index, 1);
      expect(await audit(index, index === 1 ? promises : [])).toMatchObject({
        ok: true,
        findings: [],
        pending: [],
      });
    }
    const [first] = await readCheckpoints(network.reader, 1);
    expect(first!.signers.length).toBeGreaterThanOrEqual(2);
    expect(first!.signers).toContain(1);
    // A checkpoint that the gateway has signed just now waits for the others.
    await until(async () => (await getCheckpoint(target(1))).cosignatures.length > 0);
    const { checkpoint, cosignatures } = await getCheckpoint(target(1));
    expect(checkpoint.gateway).toBe(1);
    expect(cosignatures.every(({ gateway }) => gateway === 2 || gateway === 3)).toBe(true);
  });

  test("are posted only when the log has grown", async () => {
    const { size } = await getLogPosition(target(1));
    await covered(1, size);
    const before = (await readCheckpoints(network.reader, 1)).length;
    await new Promise((resolve) => setTimeout(resolve, 5_000)); // two rounds and a half
    expect(await readCheckpoints(network.reader, 1)).toHaveLength(before);
  });

  test("prove a subject's whole history", async () => {
    await until(async () => (await history(3)).entries.every(({ state }) => state === "proven"));
    const { entries, untold } = await history(3);
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(["job", "receipt"]));
    expect(untold).toEqual([]);
  });
});

describe("a log that was tampered with in its database", () => {
  let db: Db;
  beforeAll(async () => {
    db = await connectDatabase(network.gateways[0]!.databaseUrl);
  });
  afterAll(() => db?.destroy());

  const rowsOf = (subject: number) =>
    db
      .selectFrom("decisions")
      .selectAll()
      .where("subject", "=", subjectOf(subject).address.toLowerCase() as Hex)
      .orderBy("index")
      .execute();

  test("by changing what a decision says is seen by its subject", async () => {
    const [row] = await rowsOf(5);
    const at = db.updateTable("decisions").where("index", "=", row!.index);
    await at.set({ reason: "GATEWAY_CONSENT_REVOKED" }).execute();
    const { entries } = await history(5);
    expect(entries.find(({ index }) => index === row!.index)).toMatchObject({
      state: "missing",
      decision: "refused",
    });
    expect(entries.filter(({ state }) => state !== "proven")).toHaveLength(1);
    await at.set({ reason: row!.reason }).execute();
    expect((await history(5)).entries.every(({ state }) => state === "proven")).toBe(true);
  });

  test("by taking decisions out is seen by their subject, by an auditor, and by who holds a promise", async () => {
    const rows = await rowsOf(6);
    await db
      .deleteFrom("decisions")
      .where(
        "index",
        "in",
        rows.map(({ index }) => index),
      )
      .execute();
    const { entries, untold } = await history(6);
    expect(entries).toEqual([]);
    expect(untold).toEqual([order]);
    const { findings } = await audit(1);
    expect(findings.map(({ kind }) => kind)).toContain("changed");
    await db.insertInto("decisions").values(rows).execute();
    expect((await audit(1, promises)).ok).toBe(true);
  });

  test("by making it anew without some entries is seen by all of them, and no gateway cosigns it", async () => {
    const kept = await Promise.all(
      (["decisions", "log_nodes", "log_state", "log_heads"] as const).map((table) =>
        db.selectFrom(table).selectAll().execute(),
      ),
    );
    const gone = subjectOf(7).address.toLowerCase();
    await rebuild(db, ({ subject }) => subject !== gone);
    const { findings } = await audit(1, promises);
    const kinds = new Set(findings.map(({ kind }) => kind));
    expect([...kinds].some((kind) => kind === "forked" || kind === "shrunk")).toBe(true);
    expect(kinds).toContain("changed");
    expect((await history(8)).entries.some(({ state }) => state === "missing")).toBe(true);
    expect((await history(7)).untold).toEqual([order]);
    // Its own checkpoints stop: the gateway sees that it contradicts what it posted.
    const before = (await readCheckpoints(network.reader, 1)).length;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await readCheckpoints(network.reader, 1)).toHaveLength(before);
    await restore(db, kept as never);
    expect((await audit(1, promises)).findings).toEqual([]);
  });
});

describe("a gateway that signs what its log is not", () => {
  const position = () => getLogPosition(target(3));

  /** Gateway 3 asks gateway 2 to cosign. */
  async function handIn(size: number, root: Hex): Promise<{ gateway: number }> {
    const signer = privateKeyToAccount(network.gateways[2]!.keys.signerKey);
    const signature = await signCheckpoint(
      network.deployment,
      { gateway: 3, size: BigInt(size), root },
      signer,
    );
    const json = { checkpoint: { gateway: 3, size, root }, signature };
    return sendForJson(target(2), { method: "POST", path: "/v1/peer/checkpoint", json, signer });
  }

  test("gets no cosignature for a shorter or another log; the evidence is kept and equivocation comes on chain", async () => {
    // Gateway 3 may have had nothing to log yet: a result that it refuses to a stranger is a decision.
    const stranger = privateKeyToAccount(keccak256(toHex("stranger of the log tests")));
    for (let i = 0; i < 2; i += 1) await refusalOf(getResult(target(3), { id: order, signer: stranger }));
    await covered(3, 2);
    await until(
      async () => Number((await readCheckpoint(network.reader, 3))!.size) === (await position()).size,
    );
    const { size, root } = await position();
    expect(await handIn(size, root)).toMatchObject({ gateway: 2 });
    const other: Hex = `0x${"0b".repeat(32)}`;
    // A size at which it never stood: of one that was cosigned, another root is a fork.
    expect((await refusalOf(handIn(0, other))).code).toBe("GATEWAY_LOG_SHRUNK");
    expect((await refusalOf(handIn(size + 1, other))).code).toBe("GATEWAY_LOG_UNPROVEN");
    expect((await refusalOf(handIn(size, other))).code).toBe("GATEWAY_LOG_FORKED");
    const db = await connectDatabase(network.gateways[1]!.databaseUrl);
    const evidence = await db.selectFrom("log_evidence").selectAll().orderBy("found_at").execute();
    await db.destroy();
    expect(evidence.map(({ gateway, kind, claimed }) => [gateway, kind, claimed.size])).toEqual([
      [3, "shrunk", 0],
      [3, "forked", size],
    ]);
    const reporterOf = () =>
      network.reader.publicClient.readContract({
        address: network.deployment.contracts.LogCheckpoints,
        abi: logCheckpointsAbi,
        functionName: "equivocationOf",
        args: [3, BigInt(size)],
      });
    await until(async () => BigInt(await reporterOf()) !== 0n);
    expect((await reporterOf()).toLowerCase()).toBe(network.gateways[1]!.keys.operator.toLowerCase());
  });

  test("cannot hand in another gateway's log, nor one that it did not sign", async () => {
    const signer = privateKeyToAccount(network.gateways[2]!.keys.signerKey);
    const { size, root } = await position();
    const signature = await signCheckpoint(
      network.deployment,
      { gateway: 1, size: BigInt(size), root },
      signer,
    );
    const ask = (checkpoint: object) =>
      refusalOf(
        sendForJson(target(2), {
          method: "POST",
          path: "/v1/peer/checkpoint",
          json: { checkpoint, signature },
          signer,
        }),
      );
    expect((await ask({ gateway: 1, size, root })).code).toBe("GATEWAY_NOT_ENTITLED");
    expect((await ask({ gateway: 3, size: size + 5, root })).code).toBe("GATEWAY_SIGNATURE_INVALID");
  });
});

type Row = Awaited<ReturnType<typeof readRows>>[number];
const readRows = (db: Db) => db.selectFrom("decisions").selectAll().orderBy("index").execute();

/** What a dishonest operator would do: the whole log again, without some of it. */
async function rebuild(db: Db, keep: (row: Row) => boolean): Promise<void> {
  const { append, EMPTY_FRONTIER, rootOf } = await import("@salus/sdk/log/frontier");
  const { storeNodes } = await import("../../gateway/src/log/nodes.ts");
  const rows = (await readRows(db)).filter(keep);
  await db.transaction().execute(async (tx) => {
    for (const table of ["decisions", "log_nodes", "log_heads"] as const)
      await tx.deleteFrom(table).execute();
    let frontier: Parameters<typeof append>[0] = EMPTY_FRONTIER;
    for (const [index, row] of rows.entries()) {
      await tx
        .insertInto("decisions")
        .values({ ...row, index })
        .execute();
      const nodes: Parameters<typeof storeNodes>[1][number][] = [];
      frontier = append(frontier, row.leaf_hash, (node) => nodes.push(node));
      await storeNodes(tx, nodes);
    }
    const hashes = JSON.stringify(frontier.hashes.map((hash) => Buffer.from(hash).toString("hex")));
    await tx.updateTable("log_state").set({ size: frontier.size, frontier: hashes }).execute();
    await tx
      .insertInto("log_heads")
      .values({ size: frontier.size, root: toHex(rootOf(frontier)) })
      .execute();
  });
}

async function restore(
  db: Db,
  [decisions, nodes, state, heads]: [
    Row[],
    { level: number; index: number; hash: Buffer }[],
    { size: number; frontier: string[] }[],
    { size: number; root: Hex }[],
  ],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const table of ["decisions", "log_nodes", "log_heads"] as const)
      await tx.deleteFrom(table).execute();
    await tx.insertInto("decisions").values(decisions).execute();
    await tx.insertInto("log_nodes").values(nodes).execute();
    await tx.insertInto("log_heads").values(heads).execute();
    const { size, frontier } = state[0]!;
    await tx
      .updateTable("log_state")
      .set({ size, frontier: JSON.stringify(frontier) })
      .execute();
  });
}
