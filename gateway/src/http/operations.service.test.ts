import { Ajv } from "ajv";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import type { Context } from "../context.ts";
import { appendDecisions } from "../log/append-decisions.ts";
import { LIMIT } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { CHECKS } from "./readiness.ts";
import { ROUTE_DOCS } from "./route-docs.ts";
import { ROUTE_LIMITS } from "./route-limits.ts";

let world: GatewayApp;
beforeAll(async () => {
  world = await startGatewayApp(23_460);
}, 120_000);
afterAll(() => world?.stop());

const down = () => Promise.reject(new Error("down: postgresql://user:planted-password@db/x"));

describe("readiness", () => {
  const ask = async (app: FastifyInstance) => {
    const answer = await app.inject({ method: "GET", url: "/ready" });
    return {
      status: answer.statusCode,
      ...(answer.json() as { code?: string; message?: string; status?: string }),
    };
  };
  const readyOf = async (change: Partial<Context>) => {
    const metrics = createMetrics();
    const app = await world.replica({ ...change, metrics });
    return { answer: await ask(app), metrics: await metrics.registry.metrics() };
  };

  it("is given when database, chain, storage and queue are well", async () => {
    const { answer, metrics } = await readyOf({});
    expect(answer.status).toBe("ready");
    for (const check of CHECKS) expect(metrics).toContain(`salus_ready{check="${check}"} 1`);
  });

  const broken: [name: string, change: () => Partial<Context>, said: RegExp][] = [
    ["the chain", () => ({ chain: { ...world.context.chain, snapshot: down } }), /chain: does not answer/],
    [
      "a head that stands still",
      () => ({ now: () => world.context.now() + 100_000_000 }),
      /chain: the newest block is \d+ seconds old/,
    ],
    ["the storage", () => ({ probe: { ...world.context.probe, put: down } }), /storage: does not answer/],
    [
      "a storage that forgets",
      () => ({ probe: { ...world.context.probe, get: () => Promise.resolve(undefined) } }),
      /storage: what was written is not what is read/,
    ],
  ];
  it.each(broken)("is refused for %s, which is named and nothing else", async (_, change, said) => {
    const { answer, metrics } = await readyOf(change());
    expect(answer).toMatchObject({ code: "GATEWAY_NOT_READY" });
    expect(answer.message).toMatch(said);
    expect(answer.message!.match(/(database|chain|storage|queue):/g)).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toContain("planted");
    expect(metrics.match(/salus_ready\{check="\w+"\} 0/g)).toHaveLength(1);
  });

  it("is refused, and not waited for, when a part hangs", async () => {
    const forever = () => new Promise<never>(() => undefined);
    const { answer } = await readyOf({ probe: { ...world.context.probe, put: forever } });
    expect(answer.message).toMatch(/storage: does not answer in time/);
  }, 20_000);

  it("is refused when the database is gone, while the process lives", async () => {
    const { connectDatabase } = await import("../database/connect.ts");
    const db = await connectDatabase(world.databaseUrl);
    await db.destroy();
    const app = await world.replica({ db, metrics: createMetrics() });
    expect(await ask(app)).toMatchObject({
      code: "GATEWAY_NOT_READY",
      message: "Not ready. database: does not answer; queue: does not answer.",
    });
    expect((await app.inject({ method: "GET", url: "/health" })).statusCode).toBe(200);
  });

  it("is refused when a due task waits too long: nobody works", async () => {
    await world.context.queue.add("checkpoint-log", {}, { key: "old" });
    const past = sql`update graphile_worker._private_jobs set run_at = now() - make_interval(secs => ${LIMIT.queueSeconds + 5})`;
    await past.execute(world.context.db);
    const { answer } = await readyOf({});
    expect(answer.message).toMatch(/^Not ready\. queue: a task waits for 30\d seconds\.$/);
    await sql`delete from graphile_worker._private_jobs`.execute(world.context.db);
    expect((await readyOf({})).answer.status).toBe("ready");
  });
});

describe("metrics", () => {
  const scrape = async (change: Partial<Context> = {}) => {
    const app = await world.replica({ metrics: createMetrics(), ...change });
    await app.inject({ method: "GET", url: "/v1/info" });
    const answer = await app.inject({ method: "GET", url: "/metrics" });
    expect(answer.statusCode).toBe(200);
    return answer.body;
  };
  const valueOf = (text: string, name: string): number =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1]);

  it("tell queue, chain, log and relayer as they are", async () => {
    const { context } = world;
    await context.queue.add("checkpoint-log", {}, { key: "due" });
    await context.queue.add("checkpoint-log", {}, { key: "later", delaySeconds: 600 });
    await appendDecisions(context.db, 1, [
      {
        at: context.now() - 50,
        action: "job",
        orderId: `0x${"0a".repeat(32)}`,
        dataset: 7n,
        subject: null,
        kind: 1,
        uses: 2n,
        reason: "PERMITTED",
      },
    ]);
    const text = await scrape();
    expect(valueOf(text, "salus_queue_due_tasks")).toBe(1);
    expect(valueOf(text, "salus_queue_oldest_seconds")).toBeGreaterThanOrEqual(0);
    expect(valueOf(text, "salus_chain_head_age_seconds")).toBeGreaterThanOrEqual(0);
    expect(valueOf(text, "salus_log_entries")).toBe(1);
    expect(valueOf(text, "salus_log_promise_age_seconds")).toBeGreaterThanOrEqual(50);
    await context.db
      .insertInto("log_checkpoints")
      .values({
        size: 1,
        root: `0x${"0b".repeat(32)}`,
        signature: `0x${"1b".repeat(65)}`,
        cosignatures: "[]",
        signed_at: 0,
        transaction: `0x${"0c".repeat(32)}`,
      })
      .execute();
    expect(valueOf(await scrape(), "salus_log_promise_age_seconds")).toBe(0);
  });

  it("count decisions by reason and refusals for a rate, and have no label of a person, record or order", async () => {
    const metrics = createMetrics();
    metrics.decisions.inc({ action: "share", reason: "GATEWAY_CONSENT_REVOKED" });
    metrics.rateRefusals.inc({ rate: "subjects" });
    const text = await scrape({ metrics });
    expect(text).toContain('salus_decisions_total{action="share",reason="GATEWAY_CONSENT_REVOKED"} 1');
    expect(text).toContain('salus_rate_refusals_total{rate="subjects"} 1');
    expect(text).not.toMatch(/0x[0-9a-f]{8}/i);
    const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
    const ours = [...labels].filter(
      (label) => !/^(le|type|space|kind|version|major|minor|patch)$/.test(label!),
    );
    expect(ours.toSorted()).toEqual(
      ["action", "check", "method", "rate", "reason", "route", "status"].filter((label) => labels.has(label)),
    );
    expect(text).toMatch(/route="\/v1\/info"/);
  });

  it("are told as far as they can be taken when chain and database are away", async () => {
    const { connectDatabase } = await import("../database/connect.ts");
    const db = await connectDatabase(world.databaseUrl);
    await db.destroy();
    const text = await scrape({ db, chain: { ...world.context.chain, snapshot: down } });
    expect(text).toMatch(/^salus_queue_due_tasks Nan$/im);
    expect(text).toMatch(/^salus_chain_head_age_seconds Nan$/im);
    expect(text).toContain("salus_http_request_seconds");
    expect(text).not.toContain("planted");
  });
});

type Media = { schema?: object; example?: unknown; examples?: Record<string, { value: unknown }> };
type Operation = {
  summary?: string;
  security?: Record<string, unknown>[];
  parameters?: { name: string; in: string; example?: unknown; schema: object }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
};

describe("the OpenAPI document", () => {
  let operations: [route: string, operation: Operation][];

  beforeAll(async () => {
    const answer = await world.app.inject({ method: "GET", url: "/openapi.json" });
    expect(answer.statusCode).toBe(200);
    const { paths, openapi } = answer.json() as {
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
    };
    expect(openapi).toBe("3.1.0");
    expect((await world.app.inject({ method: "GET", url: "/v1/openapi.json" })).body).toBe(answer.body);
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => method !== "head")
        .map(([method, operation]): [string, Operation] => [
          `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1").replace("{*}", "*")}`,
          operation,
        ]),
    );
  });

  const ajv = new Ajv({ strict: false });
  /** The examples of a body. */
  const shown = ({ example, examples = {} }: Media): unknown[] =>
    example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
  const valid = (schema: object, value: unknown): boolean => ajv.validate(schema, value);

  it("has each route, with what it is for, and an example of each request and answer", () => {
    const documented = operations.map(([route]) => route).toSorted();
    expect(documented).toEqual(Object.keys(ROUTE_LIMITS).toSorted());
    expect(Object.keys(ROUTE_DOCS).toSorted()).toEqual(Object.keys(ROUTE_LIMITS).toSorted());
    for (const [route, { summary, parameters = [], requestBody, responses }] of operations) {
      expect(summary!.length, route).toBeGreaterThan(10);
      for (const { name, example } of parameters) expect(example, `${route} ${name}`).toBeDefined();
      for (const { content = {} } of [requestBody ?? { content: {} }, ...Object.values(responses)]) {
        for (const [type, media] of Object.entries(content)) {
          if (type !== "application/octet-stream") expect(shown(media), `${route} ${type}`).not.toEqual([]);
        }
      }
      expect(Object.keys(responses), route).toEqual(expect.arrayContaining(["4XX", "5XX"]));
      const answers = Object.keys(responses).some((status) => status.startsWith("2"));
      expect(answers, route).toBe(!ROUTE_DOCS[route]!.refusesAll);
    }
  });

  it("has examples that fit their schemas", () => {
    let looked = 0;
    for (const [route, { parameters = [], requestBody, responses }] of operations) {
      for (const { name, example, schema } of parameters) {
        expect(valid(schema, example), `${route} ${name}: ${JSON.stringify(example)}`).toBe(true);
      }
      for (const { content = {} } of [requestBody ?? { content: {} }, ...Object.values(responses)]) {
        for (const [type, media] of Object.entries(content)) {
          if (type !== "application/json") continue;
          looked += 1;
          for (const example of shown(media)) {
            const about = `${route}: ${JSON.stringify(example).slice(0, 300)}`;
            expect(valid(media.schema!, example), about).toBe(true);
          }
          expect(valid(media.schema!, 42), `${route} takes anything`).toBe(false);
        }
      }
    }
    expect(looked).toBeGreaterThan(120);
  });
});
