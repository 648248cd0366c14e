import type { FastifyInstance } from "fastify";
import { type Address, type Hex, zeroAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getAccessLog } from "@salus/sdk/gateway/get-access-log";
import { entryLeaf } from "@salus/sdk/log/entry";
import { verifyConsistency, verifyInclusion } from "@salus/sdk/log/verify-proof";
import { TEST_DEPLOYMENT, testContext, testKey } from "../../../test/support/gateway-context.ts";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import type { Context } from "../context.ts";
import { buildApp } from "../http/app.ts";
import { appendDecisions, type DecisionEntry } from "../log/append-decisions.ts";

const SUBJECT = privateKeyToAccount(testKey(1));
const subject = SUBJECT.address.toLowerCase() as Address;
const ORDER: Hex = `0x${"0a".repeat(32)}`;
const SIZE = 23;

const decision = (at: number): DecisionEntry => ({
  at,
  action: "job",
  orderId: ORDER,
  dataset: 7n,
  subject: at % 2 === 0 ? subject : null,
  kind: 1,
  uses: 2n,
  reason: at % 3 === 0 ? "GATEWAY_CONSENT_REVOKED" : "PERMITTED",
});

/** A chain on which every subject speaks for itself. */
const answers = ({ functionName, args }: { functionName: string; args: readonly [bigint, Address] }) =>
  functionName === "controllerOf"
    ? Promise.resolve(args[1])
    : Promise.resolve({ account: zeroAddress, inForceFrom: 0, nonce: 0 });
const reader = { deployment: TEST_DEPLOYMENT, publicClient: { readContract: answers } };
const peopleOfTheirOwn = {
  reader,
  read: <T>(ask: (from: typeof reader) => Promise<T>) => ask(reader),
} as unknown as Context["chain"];

describe("the log over HTTP", () => {
  let postgres: TestPostgres;
  let db: Db;
  let app: FastifyInstance;
  let context: Context;

  beforeAll(async () => {
    postgres = await startPostgres(21_600);
    db = await connectDatabase(await postgres.create("log"));
    context = testContext(3, db, { chain: peopleOfTheirOwn });
    app = await buildApp(context);
    // In uneven batches, as answers bring them.
    for (let at = 0; at < SIZE; at += 5) {
      const batch = Array.from({ length: Math.min(5, SIZE - at) }, (_, i) => decision(at + i));
      await appendDecisions(db, 3, batch);
    }
  });
  afterAll(async () => {
    await app?.close();
    await db?.destroy();
    await postgres?.stop();
  });

  async function get<T>(path: string, status = 200): Promise<T> {
    const answer = await app.inject({ method: "GET", url: path });
    expect(answer.statusCode, `${path}: ${answer.body}`).toBe(status);
    return answer.json() as T;
  }

  it("tells its position, and proves each leaf in each tree and each tree in each later one", async () => {
    const position = await get<{ size: number; root: Hex }>("/v1/log");
    expect(position.size).toBe(SIZE);
    for (let size = 1; size <= SIZE; size += 1) {
      for (let index = 0; index < size; index += 4) {
        const proven = await get<Parameters<typeof verifyInclusion>[0]>(
          `/v1/log/inclusion?size=${size}&index=${index}`,
        );
        expect(verifyInclusion(proven)).toBe(true);
        const byLeaf = await get(`/v1/log/inclusion?size=${size}&leaf=${proven.leaf}`);
        expect(byLeaf).toEqual(proven);
      }
      const proven = await get<Parameters<typeof verifyConsistency>[0]>(
        `/v1/log/consistency?first=${size}&second=${SIZE}`,
      );
      expect(verifyConsistency(proven)).toBe(true);
      expect(proven.secondRoot).toBe(position.root);
    }
  });

  it("gives leaf hashes in pages, which are those of the entries", async () => {
    const page = await get<{ leaves: Hex[]; size: number; first: number }>(
      "/v1/log/entries?first=20&count=10",
    );
    expect(page).toMatchObject({ first: 20, size: SIZE });
    const rows = await db
      .selectFrom("decisions")
      .selectAll()
      .where("index", ">=", 20)
      .orderBy("index")
      .execute();
    const leaves = rows.map((row) =>
      entryLeaf(row.salt, {
        ...row,
        order: row.order_id,
        dataset: BigInt(row.dataset),
        uses: BigInt(row.uses),
      }),
    );
    expect(page.leaves).toEqual(leaves);
    expect((await get<{ leaves: Hex[] }>(`/v1/log/entries?first=${SIZE}`)).leaves).toEqual([]);
  });

  it("refuses places and sizes beyond it, and what is no place at all", async () => {
    const codes = async (path: string, status: number) => (await get<{ code: string }>(path, status)).code;
    expect(await codes(`/v1/log/inclusion?size=${SIZE + 1}&index=0`, 422)).toBe("GATEWAY_LOG_RANGE");
    expect(await codes("/v1/log/inclusion?size=5&index=5", 422)).toBe("GATEWAY_LOG_RANGE");
    expect(await codes(`/v1/log/inclusion?size=5&leaf=0x${"00".repeat(32)}`, 404)).toBe(
      "GATEWAY_LOG_LEAF_UNKNOWN",
    );
    expect(await codes("/v1/log/inclusion?size=5", 400)).toBe("GATEWAY_INVALID_REQUEST");
    expect(await codes("/v1/log/consistency?first=9&second=8", 422)).toBe("GATEWAY_LOG_RANGE");
    expect(await codes("/v1/log/consistency?first=-1&second=8", 400)).toBe("GATEWAY_INVALID_REQUEST");
    expect(await codes("/v1/log/checkpoint", 404)).toBe("GATEWAY_LOG_NO_CHECKPOINT");
  });

  it("tells a subject their entries with proofs for the size that they ask for, and says nothing of later ones", async () => {
    const { chainId, contracts } = context.deployment;
    const { root } = await get<{ root: Hex }>("/v1/log/consistency?first=1&second=15").then((proof) => ({
      root: (proof as unknown as { secondRoot: Hex }).secondRoot,
    }));
    const through = async (url: URL | RequestInfo, init?: RequestInit) => {
      const { pathname } = new URL(String(url));
      const payload = Buffer.from(init!.body as Uint8Array);
      const headers = { "content-type": "application/json" };
      const answer = await app.inject({ method: "POST", url: pathname, payload, headers });
      return new Response(answer.body, { status: answer.statusCode });
    };
    const target = {
      url: "http://gateway",
      index: 3,
      chainId,
      gatewayRegistry: contracts.GatewayRegistry,
      fetch: through as typeof fetch,
    };
    const { entries } = await getAccessLog(target, { dataset: 7n, signer: SUBJECT, provenAt: 15 });
    expect(entries.map(({ index }) => index)).toEqual([22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]);
    for (const { index, salt, proof, ...entry } of entries) {
      const { at, action, order, kind, reason, uses } = entry;
      const leaf = entryLeaf(salt, {
        at,
        action,
        order,
        kind,
        reason,
        uses: BigInt(uses),
        dataset: 7n,
        subject,
      });
      expect(proof === undefined).toBe(index >= 15);
      if (proof) expect(verifyInclusion({ leaf, index, size: 15, root, proof })).toBe(true);
    }
  });

  it("documents its routes", async () => {
    const { paths } = await get<{ paths: Record<string, unknown> }>("/v1/openapi.json");
    for (const path of ["checkpoint", "inclusion", "consistency", "entries"]) {
      expect(paths).toHaveProperty([`/v1/log/${path}`, "get"]);
    }
  });

  it("of before this version gets its nodes when the database is brought up to date", async () => {
    const { fillNodes } = await import("../database/migrations.ts");
    const nodes = () => db.selectFrom("log_nodes").selectAll().orderBy("level").orderBy("index").execute();
    const kept = await nodes();
    expect(kept).toHaveLength(SIZE - [16, 4, 2, 1].length);
    await db.deleteFrom("log_nodes").execute();
    await fillNodes(db);
    expect(await nodes()).toEqual(kept);
  });

  it("that lost a decision proves nothing that needs it, and says so", async () => {
    const gone = await db
      .deleteFrom("decisions")
      .where("index", "=", 6)
      .returningAll()
      .executeTakeFirstOrThrow();
    const answer = await get<{ code: string }>("/v1/log/inclusion?size=9&index=7", 500);
    expect(answer.code).toBe("GATEWAY_LOG_DAMAGED");
    await db.insertInto("decisions").values(gone).execute();
    await get("/v1/log/inclusion?size=9&index=7");
  });
});
