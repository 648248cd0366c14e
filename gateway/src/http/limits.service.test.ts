import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { type Address, type Hex, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signRevocation } from "@salus/sdk/consent/sign-revocation";
import { signRequest } from "@salus/sdk/gateway/requests";
import { toWire } from "@salus/sdk/gateway/wire";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import { connectDatabase } from "../database/connect.ts";
import { buildApp } from "./app.ts";
import { LIMIT, LIMITS, RATES } from "./limits.ts";
import { openSharedRates } from "./shared-rates.ts";
import { limitsOf, ROUTE_LIMITS } from "./route-limits.ts";

const DATASET = 7n;
const ZERO: Hex = `0x${"00".repeat(32)}`;
let world: GatewayApp;

beforeAll(async () => {
  world = await startGatewayApp(23_400);
}, 120_000);
afterAll(() => world?.stop());

/** Each test has an app of its own, so that none meets the counts of another. */
const fresh = () => world.replica();
const person = (n: number) => privateKeyToAccount(toHex(4_000_000 + n, { size: 32 }));

type Ask = { method?: string; url: string; from?: string; json?: unknown; headers?: Record<string, string> };

async function ask(app: FastifyInstance, { method, url, from = "203.0.113.9", json, headers }: Ask) {
  const answer = await app.inject({
    method: (method ?? (json === undefined ? "GET" : "POST")) as "GET",
    url,
    remoteAddress: from,
    ...(headers ? { headers } : {}),
    ...(json === undefined ? {} : { payload: json as object }),
  });
  return {
    status: answer.statusCode,
    code: answer.body === "" ? undefined : (answer.json() as { code?: string }).code,
    retryAfter: answer.headers["retry-after"],
    body: answer.body,
  };
}

async function revocationOf(n: number, nonce = 0) {
  const subject = person(n);
  const about = { dataset: DATASET, subject: subject.address, nonce };
  const { message, signature } = await signRevocation(world.context.deployment, about, subject);
  return { revocation: toWire("Revocation", message), signature };
}

async function accessLogOf(n: number) {
  const signer = person(n);
  const { chainId, contracts } = world.context.deployment;
  const message = {
    dataset: DATASET,
    subject: signer.address,
    gateway: 1,
    issuedAt: world.context.now(),
    nonce: toHex(randomBytes(32)),
  };
  const about = { signer, chainId, gatewayRegistry: contracts.GatewayRegistry };
  const signature = await signRequest({ ...about, primaryType: "AccessLogRequest", message });
  const { gateway: _, ...body } = message;
  return { ...body, dataset: DATASET.toString(), signature };
}

const unsigned = (subject: Address) => ({
  dataset: DATASET.toString(),
  subject,
  issuedAt: 1,
  nonce: ZERO,
  signature: `0x${"11".repeat(65)}`,
});

describe("the table of limits", () => {
  it("has a row for each route of the app and no other, whose body limit the route has", async () => {
    const seen: [route: string, bodyLimit: number | undefined][] = [];
    const app = await buildApp(world.context, ({ method, url, bodyLimit }) => {
      for (const each of [method].flat()) if (each !== "HEAD") seen.push([`${each} ${url}`, bodyLimit]);
    });
    await app.close();
    expect(seen.map(([route]) => route).toSorted()).toEqual(Object.keys(ROUTE_LIMITS).toSorted());
    for (const [route, bodyLimit] of seen) {
      const { body } = ROUTE_LIMITS[route]!;
      expect(bodyLimit, route).toBe(body === undefined ? 1 : LIMIT[body]);
    }
    expect(limitsOf("HEAD", "/v1/info")).toBe(ROUTE_LIMITS["GET /v1/info"]);
  });

  it("holds bodies one byte above each route's limit back, before any is parsed", async () => {
    const app = await fresh();
    const writing = Object.entries(ROUTE_LIMITS).filter(([, { body }]) => body === "jsonBytes");
    const body = Buffer.alloc(LIMIT.jsonBytes + 1, " ");
    for (const [route] of writing) {
      const [method = "", path = ""] = route.split(" ");
      const url = path.replace(":id", ZERO);
      const headers = { "content-type": "application/json" };
      const answer = await app.inject({ method: method as "POST", url, payload: body, headers });
      // An upload's token is asked for before its body.
      expect([413, 403], `${route}: ${answer.body}`).toContain(answer.statusCode);
      if (answer.statusCode === 413) expect(answer.json()).toMatchObject({ code: "GATEWAY_BODY_TOO_LARGE" });
    }
  });

  it("refuses JSON that is too deep, and takes what is just not", async () => {
    const app = await fresh();
    const nested = (levels: number) => Buffer.from(`${"[".repeat(levels)}${"]".repeat(levels)}`);
    const send = async (payload: Buffer) => {
      const headers = { "content-type": "application/json" };
      const answer = await app.inject({ method: "POST", url: "/v1/access-log", payload, headers });
      return (answer.json() as { message: string }).message;
    };
    expect(await send(nested(LIMIT.jsonLevels + 1))).toMatch(/more than 64 levels/);
    expect(await send(nested(LIMIT.jsonLevels))).not.toMatch(/levels/);
  });

  it("says in words what each row bounds", () => {
    for (const { value, what } of Object.values(LIMITS)) {
      expect(value).toBeGreaterThan(0);
      expect(what.length).toBeGreaterThan(5);
    }
  });
});

describe("rates", () => {
  it("bound anonymous reads of one address, say when to come back, and leave other addresses alone", async () => {
    const app = await fresh();
    const statuses = new Map<number, number>();
    for (let i = 0; i < RATES.reads.aMinute + 5; i += 1) {
      const { status } = await ask(app, { url: "/v1/log" });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [200, RATES.reads.aMinute],
      [429, 5],
    ]);
    const refused = await ask(app, { url: "/v1/log" });
    expect(refused).toMatchObject({ code: "GATEWAY_RATE_LIMITED" });
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
    expect(refused.body).toContain("retry-after");
    expect((await ask(app, { url: "/v1/log", from: "203.0.113.10" })).status).toBe(200);
    expect((await ask(app, { url: "/health" })).status).toBe(200);
  });

  it("count an IPv6 site as one address, and unknown paths like reads", async () => {
    const app = await fresh();
    for (let i = 0; i < RATES.reads.aMinute; i += 1) {
      await ask(app, { url: `/nothing/${i}`, from: `2001:db8:0:1::${(i % 500).toString(16)}` });
    }
    expect((await ask(app, { url: "/v1/log", from: "2001:db8:0:1:ffff::1" })).status).toBe(429);
    expect((await ask(app, { url: "/v1/log", from: "2001:db8:0:2::1" })).status).toBe(200);
  });

  it("count a person by their proven signature, wherever they ask from, and nobody else for them", async () => {
    const app = await fresh();
    await world.know(DATASET, person(1).address, person(2).address);
    const askAs = async (n: number, from: string) =>
      (await ask(app, { url: "/v1/access-log", from, json: await accessLogOf(n) })).status;
    for (let i = 0; i < RATES.subjects.aMinute; i += 1) {
      expect(await askAs(1, `198.51.100.${i}`)).toBe(200);
    }
    expect(await askAs(1, "198.51.100.200")).toBe(429);
    expect(await askAs(2, "198.51.100.0")).toBe(200);
    // Somebody who only claims to be person 2 uses nothing up of theirs.
    for (let i = 0; i < RATES.subjects.aMinute + 5; i += 1) {
      const json = { ...(await accessLogOf(3)), subject: person(2).address };
      expect((await ask(app, { url: "/v1/access-log", from: "192.0.2.1", json })).status).toBe(401);
    }
    expect(await askAs(2, "198.51.100.0")).toBe(200);
  });

  it("let an address that proves nothing wait, and new keys are no way round that", async () => {
    const app = await fresh();
    const from = "203.0.113.77";
    // Half of them are signed well, by keys of nobody.
    for (let i = 0; i < LIMIT.unprovenAMinute; i += 1) {
      const json = i % 2 === 0 ? unsigned(person(5).address) : await accessLogOf(10_000 + i);
      expect((await ask(app, { url: "/v1/access-log", from, json })).status).not.toBe(429);
    }
    expect(await ask(app, { url: "/v1/access-log", from, json: await accessLogOf(1) })).toMatchObject({
      status: 429,
      code: "GATEWAY_RATE_LIMITED",
    });
    expect(
      (await ask(app, { url: "/v1/access-log", from: "203.0.113.78", json: await accessLogOf(1) })).status,
    ).toBe(200);
  });

  it("never refuse a revocation for a flood from its own address", async () => {
    const app = await fresh();
    const from = "203.0.113.66";
    await world.know(DATASET, person(20).address, person(21).address);
    const valid = await revocationOf(20);
    const forged = { ...valid, signature: `0x${"22".repeat(64)}1b` };
    const flood: Ask[] = [];
    for (let i = 0; i < 2000; i += 1) {
      const kinds: Ask[] = [
        { url: "/v1/log" },
        { url: "/v1/access-log", json: unsigned(person(20).address) },
        { url: "/v1/consents/revocations", json: forged },
        { url: "/v1/erasures", json: {} },
      ];
      flood.push({ ...kinds[i % kinds.length]!, from });
    }
    const answers: { status: number }[] = [];
    for (let at = 0; at < flood.length; at += 100) {
      answers.push(...(await Promise.all(flood.slice(at, at + 100).map((each) => ask(app, each)))));
    }
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect((await ask(app, { url: "/v1/access-log", from, json: await accessLogOf(1) })).status).toBe(429);
    const stopped = await ask(app, { url: "/v1/consents/revocations", from, json: valid });
    expect(stopped, stopped.body).toMatchObject({ status: 200 });
    const row = await world.context.db
      .selectFrom("revocations")
      .select("max_nonce")
      .where("subject", "=", person(20).address.toLowerCase() as Address)
      .executeTakeFirst();
    expect(row).toEqual({ max_nonce: Number(valid.revocation.maxNonce) });
    // In the midst of a flood that goes on, too.
    const again = await revocationOf(21);
    const [inTheMidst] = await Promise.all([
      ask(app, { url: "/v1/consents/revocations", from, json: again }),
      ...flood.slice(0, 400).map((each) => ask(app, each)),
    ]);
    expect(inTheMidst.status).toBe(200);
  });

  it("look at every word that stops something, whoever else floods from its address", async () => {
    const app = await fresh();
    const from = "203.0.113.55";
    const json = unsigned(person(30).address);
    for (let i = 0; i < LIMIT.unprovenAMinute; i += 1) await ask(app, { url: "/v1/access-log", from, json });
    expect((await ask(app, { url: "/v1/access-log", from, json })).status).toBe(429);
    const { issuedAt, nonce, signature, ...about } = json;
    const words: Record<string, object> = {
      "/v1/erasures": { erasure: { ...about, issuedAt, nonce }, signer: person(30).address, signature },
      "/v1/vetoes": { veto: { ...about, gateway: 1, issuedAt, nonce }, signature },
      "/v1/consents/proxies/ProxyRemoval": {
        message: { ...about, proxy: person(31).address, since: 0 },
        signature,
      },
    };
    for (const [url, word] of Object.entries(words)) {
      const answer = await ask(app, { url, from, json: word });
      expect([401, 422], `${url}: ${answer.body}`).toContain(answer.status);
    }
  });

  it("bound the words of subjects that nobody here knows, and never those of one with a record", async () => {
    const app = await fresh();
    const from = "203.0.113.44";
    await world.know(DATASET, person(40).address);
    for (let i = 0; i < RATES.strangers.aMinute; i += 1) {
      const json = await revocationOf(20_000 + i);
      expect((await ask(app, { url: "/v1/consents/revocations", from, json })).status).toBe(200);
    }
    const json = await revocationOf(30_000);
    const refused = await ask(app, { url: "/v1/consents/revocations", from, json });
    expect(refused).toMatchObject({ status: 429, code: "GATEWAY_RATE_LIMITED" });
    const kept = await world.context.db
      .selectFrom("revocations")
      .select("subject")
      .where("subject", "=", person(30_000).address.toLowerCase() as Address)
      .execute();
    expect(kept).toEqual([]);
    const known = await ask(app, { url: "/v1/consents/revocations", from, json: await revocationOf(40) });
    expect(known, known.body).toMatchObject({ status: 200 });
  });

  it("make no question about somebody unknown read the versions of a dataset", async () => {
    await world.know(DATASET, person(50).address);
    const read: string[] = [];
    const { versions } = world.context;
    const app = await world.replica({
      versions: { get: (asset, number) => (read.push(`${asset}/${number}`), versions.get(asset, number)) },
    });
    const askAs = async (n: number) =>
      (await ask(app, { url: "/v1/access-log", json: await accessLogOf(n) })).status;
    expect(await askAs(50)).toBe(200);
    read.length = 0;
    for (let n = 40_000; n < 40_010; n += 1) expect(await askAs(n)).toBe(200);
    expect(read).toEqual([]);
    // Whoever a later version adds is known from then on.
    await world.know(DATASET, person(51).address);
    expect(await askAs(51)).toBe(200);
    expect(read).not.toEqual([]);
  });

  it("believe a trusted proxy, and nobody else, about where a request comes from", async () => {
    const proxied = await world.replica({
      environment: { ...world.context.environment, trustedProxies: ["10.0.0.0/8"] },
    });
    const through = (app: FastifyInstance, proxy: string, client: string) =>
      ask(app, { url: "/v1/log", from: proxy, headers: { "x-forwarded-for": client } });
    for (let i = 0; i < RATES.reads.aMinute; i += 1) await through(proxied, "10.1.2.3", "203.0.113.1");
    expect((await through(proxied, "10.1.2.3", "203.0.113.1")).status).toBe(429);
    expect((await through(proxied, "10.1.2.3", "203.0.113.2")).status).toBe(200);
    const open = await fresh();
    for (let i = 0; i < RATES.reads.aMinute; i += 1)
      await through(open, "203.0.113.5", `198.51.100.${i % 250}`);
    expect((await through(open, "203.0.113.5", "192.0.2.200")).status).toBe(429);
  });

  describe("over several replicas", () => {
    /** In the middle of a minute, which does not end. */
    const NOON = 1_900_000_050_000;
    let clock = NOON;

    async function replicas(n: number) {
      clock = NOON;
      await sql`delete from shared_rates`.execute(world.context.db);
      const all = Array.from({ length: n }, async () => {
        const rates = openSharedRates(world.context, () => clock);
        return { rates, app: await world.replica({ rates }) };
      });
      return Promise.all(all);
    }
    type Replicas = Awaited<ReturnType<typeof replicas>>;
    /** Each tells the others, and then knows what they told. */
    async function exchange(all: Replicas): Promise<void> {
      for (let times = 0; times < 2; times += 1) for (const { rates } of all) await rates.exchange();
    }
    const read = async ({ app }: Replicas[number], from: string) =>
      (await ask(app, { url: "/v1/log", from })).status;
    const told = async () => {
      const { rows } = await sql<{ name: string }>`select * from shared_rates`.execute(world.context.db);
      return rows;
    };

    it("are one: what one replica allowed the others do not allow again, to nobody else's cost", async () => {
      const all = await replicas(3);
      const [one, two, three] = all as [Replicas[0], Replicas[0], Replicas[0]];
      const from = "203.0.113.20";
      for (let i = 0; i < RATES.reads.aMinute - 200; i += 1) expect(await read(one, from)).toBe(200);
      await exchange(all);
      for (let i = 0; i < 200; i += 1) expect(await read(two, from)).toBe(200);
      await exchange(all);
      for (const each of all) expect(await read(each, from)).toBe(429);
      expect(await read(three, "203.0.113.21")).toBe(200);
      // Nothing that is told says who it was.
      expect((await told()).length).toBeGreaterThan(0);
      expect(JSON.stringify(await told())).not.toContain("203.0.113");
      // The next minute begins, and those of before are not forgotten at once.
      clock += 33_000;
      await exchange(all);
      let allowed = 0;
      while ((await read(three, from)) === 200) allowed += 1;
      expect(allowed).toBeLessThan(100);
      clock += 57_000;
      await exchange(all);
      expect(await read(three, from)).toBe(200);
      clock += 60_000;
      for (let i = 0; i < RATES.reads.aMinute / 10; i += 1) await read(two, "203.0.113.22");
      await exchange(all);
      expect(await told()).toHaveLength(1);
    });

    it("are so for signers too, whichever replica they ask", async () => {
      const all = await replicas(2);
      await world.know(DATASET, person(60).address, person(61).address);
      const askAs = async (n: number, replica: number) =>
        (await ask(all[replica]!.app, { url: "/v1/access-log", json: await accessLogOf(n) })).status;
      for (let i = 0; i < RATES.subjects.aMinute; i += 1) {
        expect(await askAs(60, i % 2)).toBe(200);
        if (i % 6 === 5) await exchange(all);
      }
      expect([await askAs(60, 0), await askAs(60, 1)]).toEqual([429, 429]);
      expect(await askAs(61, 0)).toBe(200);
    });

    it("are told from a tenth on, so that n of them allow at most n − 1 tenths more", async () => {
      const all = await replicas(3);
      const [one, two, three] = all as [Replicas[0], Replicas[0], Replicas[0]];
      const from = "203.0.113.30";
      for (let i = 0; i < RATES.reads.aMinute / 10 - 1; i += 1) {
        for (const each of [one, two]) await read(each, from);
      }
      await exchange(all);
      expect(await told()).toEqual([]);
      let allowed = 0;
      while ((await read(three, from)) === 200) allowed += 1;
      expect(allowed).toBe(RATES.reads.aMinute);
      await exchange(all);
      for (const each of [one, two]) expect(await read(each, from)).toBe(429);
    });

    it("stay what was told while the database does not answer", async () => {
      const [one] = (await replicas(1)) as [Replicas[0]];
      const from = "203.0.113.40";
      for (let i = 0; i < RATES.reads.aMinute; i += 1) await read(one, from);
      await one.rates.exchange();
      const db = await connectDatabase(world.databaseUrl);
      const rates = openSharedRates({ ...world.context, db }, () => clock);
      await rates.exchange();
      await db.destroy();
      await expect(rates.exchange()).rejects.toThrow();
      expect(await read({ rates, app: await world.replica({ rates }) }, from)).toBe(429);
    });
  });

  it("are counted when they refuse", async () => {
    const text = await world.context.metrics.registry.metrics();
    expect(text).toMatch(/salus_rate_refusals_total\{rate="reads"\} [1-9]/);
    expect(text).toMatch(/salus_rate_refusals_total\{rate="unproven"\} [1-9]/);
    expect(text).toMatch(/salus_rate_refusals_total\{rate="subjects"\} [1-9]/);
  });
});
