import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import type { RouteOptions } from "fastify";
import { type Hex, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetId } from "@salus/sdk/assets/asset-id";
import { cidOf } from "@salus/sdk/cid";
import {
  AUTHORIZATION_SCHEME,
  bodyDigest,
  encodeHeader,
  freshness,
  signRequest,
} from "@salus/sdk/gateway/requests";
import { bent, fitting, garbage } from "../../../test/support/fuzz/schema.ts";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import { ERRORS } from "../errors/table.ts";
import { buildApp } from "./app.ts";
import { LIMIT } from "./limits.ts";

/** Requests for each route; more by `SALUS_FUZZ_RUNS`. */
const RUNS = Number(process.env["SALUS_FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["SALUS_FUZZ_SEED"] ?? 20261122);

type Schemas = { body?: object; params?: object; querystring?: object };
type Route = { method: string; url: string; schema: Schemas };

/** Routes whose body is no JSON: what they take. */
const FILES: Record<string, fc.Arbitrary<Uint8Array>> = {
  "PUT /v1/blobs/:cid": fc.uint8Array({ maxLength: 200 }),
  "POST /v1/blob-batches": fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }).map(framed),
  ),
  "PUT /v1/uploads/:id/:offset": fc.uint8Array({ maxLength: 200 }),
  "PUT /v1/models/:asset": fc.uint8Array({ maxLength: 400 }),
};

/** What a gateway that is well answers with 5xx: the other gateways of this world do not run. */
const DOCUMENTED = ["GATEWAY_PEER_UNREACHABLE"];

const SALT: Hex = `0x${"5a".repeat(32)}`;
const CURATOR = privateKeyToAccount(toHex(7_000_001, { size: 32 }));
const PEER = privateKeyToAccount(toHex(1002, { size: 32 }));
const ASSET = assetId(CURATOR.address, SALT);

let world: GatewayApp;
const routes: Route[] = [];
let app: Awaited<ReturnType<typeof buildApp>>;
let upload: string;

beforeAll(async () => {
  world = await startGatewayApp(23_440);
  app = await buildApp(world.context, ({ method, url, schema }: RouteOptions) => {
    for (const each of [method].flat()) {
      if (each !== "HEAD") routes.push({ method: each, url, schema: { ...(schema as Schemas) } });
    }
  });
  await app.ready();
  upload = await uploadToken();
}, 120_000);
afterAll(async () => {
  await app?.close();
  await world?.stop();
});

function framed(blobs: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    blobs.flatMap((blob) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(blob.length);
      return [length, blob];
    }),
  );
}

function requestDomainOf() {
  const { chainId, contracts } = world.context.deployment;
  return { chainId, gatewayRegistry: contracts.GatewayRegistry };
}

async function uploadToken(): Promise<string> {
  const expiry = world.context.now() + 3600;
  const token = { asset: ASSET, curator: CURATOR.address, salt: SALT, custodian: 1, expiry };
  const about = { ...requestDomainOf(), signer: CURATOR, primaryType: "UploadToken" } as const;
  const signature = await signRequest({ ...about, message: token });
  return encodeHeader({ token: { ...token, asset: ASSET.toString() }, signer: CURATOR.address, signature });
}

/** A request signed by another gateway of the registry: what it asks is judged by what it asks. */
async function authorization(method: string, path: string, body: Uint8Array): Promise<string> {
  const { issuedAt, nonce } = freshness();
  const about = { method, path, body: bodyDigest(body), gateway: 1, issuedAt, nonce };
  const message = { signer: PEER.address, ...about };
  const signature = await signRequest({
    ...requestDomainOf(),
    signer: PEER,
    primaryType: "Request",
    message,
  });
  const header = { signer: PEER.address, issuedAt, nonce, signature };
  return `${AUTHORIZATION_SCHEME} ${encodeHeader(header)}`;
}

const TYPES = [
  "application/json",
  "application/json; charset=utf-16",
  "application/octet-stream",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/json, application/json",
  "/",
  "",
];

/** Header values that are text, but not what anybody expects there. */
const oddHeader = fc
  .string({ unit: "binary-ascii", maxLength: 200 })
  .map((text) => text.replaceAll(/[^\x20-\x7e]/g, "~"));

type Fuzzed = {
  path: string;
  body?: Buffer;
  headers: Record<string, string>;
  signed: boolean;
  token: boolean;
};

/** Requests of one route, from well-formed to senseless. @throws Error for a route that reads a body nobody described */
function requestsOf({ method, url, schema }: Route): fc.Arbitrary<Fuzzed> {
  const name = `${method} ${url}`;
  const writes = method !== "GET" && method !== "DELETE";
  const file = FILES[name];
  if (writes && !schema.body && !file)
    throw new Error(`${name} reads a body, and has neither schema nor generator.`);
  const params = schema.params ? fitting(schema.params) : fc.constant({});
  const query = schema.querystring ? fitting(schema.querystring) : fc.constant({});
  const json = schema.body ? fitting(schema.body as never) : fc.constant({});
  const asBytes = (value: unknown) => Buffer.from(JSON.stringify(value) ?? "");
  const body = file
    ? fc.oneof(
        file.map((bytes) => Buffer.from(bytes)),
        garbage,
      )
    : fc.oneof(
        { weight: 4, arbitrary: json.map(asBytes) },
        { weight: 4, arbitrary: bent(json).map(asBytes) },
        { weight: 1, arbitrary: garbage },
      );
  const type = file ? "application/octet-stream" : "application/json";
  const weird = fc.constantFrom(
    "",
    "%",
    "%00",
    "..%2f..",
    "a".repeat(250),
    "%F0%9F%98%80",
    "0x",
    "-1",
    "null",
    cidOf(Buffer.from("x")),
  );
  return fc
    .record({
      params: fc.oneof({ weight: 4, arbitrary: params }, { weight: 1, arbitrary: bent(params) }),
      raw: fc.option(weird, { freq: 5 }),
      query: fc.oneof({ weight: 4, arbitrary: query }, { weight: 1, arbitrary: bent(query) }),
      rest: fc.option(fc.webQueryParameters(), { freq: 6 }),
      body,
      type: fc.oneof(
        { weight: 8, arbitrary: fc.constant(type) },
        { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
      ),
      odd: fc.option(
        fc.dictionary(
          fc.constantFrom(
            "authorization",
            "x-salus-upload",
            "range",
            "content-encoding",
            "accept",
            "expect",
            "origin",
            "x-forwarded-for",
            "if-none-match",
          ),
          oddHeader,
          { maxKeys: 2 },
        ),
        { freq: 4 },
      ),
      signed: fc.boolean(),
      token: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
    })
    .map(({ params: named, raw, query: asked, rest, body: bytes, type: contentType, odd, signed, token }) => {
      const path = url.replaceAll(/:(\w+)/g, (_, key: string) =>
        raw === null ? encodeURIComponent(String((named as Record<string, unknown>)?.[key] ?? "")) : raw,
      );
      const entries = Object.entries((asked ?? {}) as object).map(([key, value]) => [key, String(value)]);
      const search = [new URLSearchParams(entries).toString(), rest ?? ""].filter(Boolean).join("&");
      return {
        path: search ? `${path}?${search}` : path,
        ...(writes ? { body: bytes } : {}),
        headers: { ...(writes ? { "content-type": contentType } : {}), ...odd },
        signed,
        token,
      };
    });
}

const SECRETS = ["local-tests-only", "secret"].map((word) => word);

/** What every answer must be, whatever was asked. */
function expectInOrder(status: number, text: string, headers: Record<string, unknown>): void {
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(text).not.toContain("node_modules");
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  if (status < 400) return;
  expect(headers["content-type"]).toMatch(/^application\/json/);
  const { code, message, hint } = JSON.parse(text) as Record<string, unknown>;
  expect(ERRORS).toHaveProperty(code as string);
  expect(ERRORS[code as keyof typeof ERRORS].status).toBe(status);
  expect(typeof message).toBe("string");
  expect((hint as string).length).toBeGreaterThan(10);
  if (status >= 500) expect(DOCUMENTED, text).toContain(code);
}

/** What was not in order, by route and answer. */
const faults = new Map<string, string>();

let asked = 0;
async function ask(route: Route, { path, body, headers, signed, token }: Fuzzed): Promise<void> {
  // Each request from an address of its own: rates have tests of their own.
  asked += 1;
  const remoteAddress = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
  const needsToken = /blob|upload|datasets|models/.test(route.url) && token;
  const answer = await app.inject({
    method: route.method as "GET",
    url: path,
    remoteAddress,
    headers: {
      ...(needsToken ? { "x-salus-upload": upload } : {}),
      ...(signed ? { authorization: await authorization(route.method, path, body ?? Buffer.alloc(0)) } : {}),
      ...headers,
    },
    ...(body ? { payload: body } : {}),
  });
  try {
    expectInOrder(answer.statusCode, answer.body, answer.headers);
  } catch (cause) {
    const what = `${route.method} ${path} ${JSON.stringify(headers)} ${body?.toString("latin1").slice(0, 600)}`;
    const said = `answered ${answer.statusCode} ${answer.body.slice(0, 300)}: ${(cause as Error).message.slice(0, 300)}`;
    // One of a kind, so that a run shows all that is wrong.
    const kind = `${route.method} ${route.url} ${answer.statusCode} ${/"code":"\w+"/.exec(answer.body)?.[0] ?? ""}`;
    if (!faults.has(kind)) faults.set(kind, `${what}\n${said}`);
  }
}

const collectGarbage = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

describe("every route of the app", () => {
  it("answers whatever it is asked in order, keeps no memory, and lives on", async () => {
    expect(routes.length).toBeGreaterThan(40);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (const route of routes) {
      if (route.url === "/metrics") continue;
      const property = fc.asyncProperty(requestsOf(route), (request) => ask(route, request));
      await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    }
    expect([...faults.values()].join("\n\n")).toBe("");
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024);
    expect((await app.inject({ method: "GET", url: "/health" })).statusCode).toBe(200);
    expect((await app.inject({ method: "GET", url: "/ready" })).statusCode).toBe(200);
  }, 400_000);

  it("would not go unnoticed without a generator", () => {
    expect(() => requestsOf({ method: "POST", url: "/v1/new", schema: {} })).toThrow(
      /neither schema nor generator/,
    );
    const odd = { method: "POST", url: "/v1/new", schema: { body: { type: "date" } } };
    expect(() => requestsOf(odd)).toThrow(/No generator/);
  });
});

describe("the bare socket", () => {
  /** Sends bytes as they are and gives what comes back until the server closes, or has answered. */
  function send(port: number, bytes: Uint8Array): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => void socket.end(bytes));
      socket.setEncoding("latin1");
      socket.on("data", (piece: string) => void (text += piece));
      socket.on("close", () => resolve(text));
      // A server that has heard enough may reset what still comes in.
      socket.on("error", (error: NodeJS.ErrnoException) =>
        error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(text) : reject(error),
      );
    });
  }

  it("answers bytes that are no request with a structured error, or closes, and lives on", async () => {
    const open = await buildApp(world.context);
    try {
      const url = await open.listen({ host: "127.0.0.1", port: 0 });
      const port = Number(new URL(url).port);
      const lines = (...all: string[]) => Buffer.from(`${all.join("\r\n")}\r\n\r\n`);
      const known: [Buffer, RegExp][] = [
        [Buffer.from("\u0000\u0001\u0002\r\n\r\n"), /^HTTP\/1\.1 400[^]*GATEWAY_INVALID_REQUEST/],
        [lines("GET /%ff HTTP/1.1", "host: a", "connection: close"), /^HTTP\/1\.1 (400|404)[^]*"hint"/],
        [lines("GET /health HTTP/1.1", "connection: close"), /^HTTP\/1\.1 400/],
        [
          lines("GET /health HTTP/1.1", "host: a", `x: ${"y".repeat(LIMIT.headerBytes)}`),
          /^HTTP\/1\.1 431[^]*GATEWAY_HEADERS_TOO_LARGE/,
        ],
        [
          lines("POST /v1/access-log HTTP/1.1", "host: a", "content-length: 5", "transfer-encoding: chunked"),
          /^HTTP\/1\.1 400[^]*GATEWAY_INVALID_REQUEST/,
        ],
        [lines("GET /health HTTP/9.9", "host: a"), /^HTTP\/1\.1 400[^]*GATEWAY_INVALID_REQUEST/],
        [lines("GET /health HTTP/1.1", "host: a", "connection: close"), /^HTTP\/1\.1 200/],
      ];
      for (const [bytes, expected] of known) expect(await send(port, bytes)).toMatch(expected);
      const starts = fc.constantFrom(
        "",
        "GET / HTTP/1.1\r\n",
        "POST /v1/vetoes HTTP/1.1\r\nhost: a\r\n",
        "PUT ",
      );
      const property = fc.asyncProperty(starts, fc.uint8Array({ maxLength: 400 }), async (start, rest) => {
        const answer = await send(port, Buffer.concat([Buffer.from(start), rest, Buffer.from("\r\n\r\n")]));
        if (answer !== "") expect(answer).toMatch(/^HTTP\/1\.1 [1-4]\d\d/);
      });
      await fc.assert(property, { numRuns: Math.min(RUNS, 300), seed: SEED });
      expect((await fetch(`${url}/health`)).status).toBe(200);
    } finally {
      await open.close();
    }
  });
});
