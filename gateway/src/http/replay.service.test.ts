/** What the OpenAPI document shows, sent to a gateway: its answers are those that the document tells. */
import { createHash } from "node:crypto";
import { Ajv } from "ajv";
import type { FastifyInstance, InjectOptions } from "fastify";
import { toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetId } from "@salus/sdk/assets/asset-id";
import { digestFromCid } from "@salus/sdk/cid";
import {
  AUTHORIZATION_SCHEME,
  bodyDigest,
  encodeHeader,
  freshness,
  signRequest,
} from "@salus/sdk/gateway/requests";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import { ERRORS, type GatewayErrorCode } from "../errors/table.ts";
import { buildApp } from "./app.ts";
import { FILE, FILE_CID } from "./examples.ts";
import { createLifecycle } from "./lifecycle.ts";
import { LIMITS } from "./limits.ts";
import { ROUTE_DOCS } from "./route-docs.ts";
import { ROUTE_LIMITS } from "./route-limits.ts";

type Media = { schema: object; example?: unknown; examples?: Record<string, { value: object }> };
type Content = Record<string, Media>;
type Operation = {
  route: string;
  method: "GET" | "PUT" | "POST" | "DELETE";
  path: string;
  security: Record<string, unknown>[];
  parameters?: { name: string; in: "path" | "query"; example: unknown }[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};

/** A request as the document's example has it, or bent in one place. */
type Example = { method: Operation["method"]; url: string; type?: string; body: Buffer };

/** Another gateway of the registry, and the curator of an asset that is not listed: who may ask most of it. */
const PEER = privateKeyToAccount(toHex(1002, { size: 32 }));
const CURATOR = privateKeyToAccount(toHex(7_000_002, { size: 32 }));
const SALT = `0x${"5a".repeat(32)}` as const;
const ajv = new Ajv({ strict: false });

let world: GatewayApp;
let operations: Operation[];
let registered: string[];
let upload: string;

beforeAll(async () => {
  world = await startGatewayApp(25_600);
  registered = await routesOf();
  operations = await readDocument(world.app);
  upload = await uploadToken();
}, 120_000);
afterAll(() => world?.stop());

async function routesOf(): Promise<string[]> {
  const routes: string[] = [];
  const app = await buildApp(world.context, ({ method, url }) => {
    for (const each of [method].flat()) if (each !== "HEAD") routes.push(`${each} ${url}`);
  });
  await app.ready();
  await app.close();
  return routes;
}

async function readDocument(app: FastifyInstance): Promise<Operation[]> {
  const answer = await app.inject({ method: "GET", url: "/openapi.json" });
  const { paths } = answer.json() as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== "head")
      .map(([name, operation]) => {
        const method = name.toUpperCase() as Operation["method"];
        const url = path.replaceAll(/\{(\w+)\}/g, ":$1").replace("{*}", "*");
        return { ...operation, route: `${method} ${url}`, method, path };
      }),
  );
}

function domainOf() {
  const { chainId, contracts } = world.context.deployment;
  return { chainId, gatewayRegistry: contracts.GatewayRegistry };
}

async function uploadToken(): Promise<string> {
  const expiry = world.context.now() + 3600;
  const asset = assetId(CURATOR.address, SALT);
  const token = { asset, curator: CURATOR.address, salt: SALT, custodian: 1, expiry };
  const about = { ...domainOf(), signer: CURATOR, primaryType: "UploadToken" } as const;
  const signature = await signRequest({ ...about, message: token });
  return encodeHeader({ token: { ...token, asset: asset.toString() }, signer: CURATOR.address, signature });
}

async function authorization({ method, url, body }: Example, age = 0): Promise<string> {
  const { issuedAt: now, nonce } = freshness();
  const issuedAt = now - age;
  const about = { method, path: url, body: bodyDigest(body), gateway: 1, issuedAt, nonce };
  const message = { signer: PEER.address, ...about };
  const signature = await signRequest({ ...domainOf(), signer: PEER, primaryType: "Request", message });
  return `${AUTHORIZATION_SCHEME} ${encodeHeader({ signer: PEER.address, issuedAt, nonce, signature })}`;
}

/** The documented example of a route's request. */
function exampleOf({ method, path, parameters = [], requestBody }: Operation): Example {
  const query = new URLSearchParams();
  let url = path;
  for (const { name, in: place, example } of parameters) {
    if (place === "path") url = url.replace(`{${name}}`, encodeURIComponent(String(example)));
    else query.set(name, String(example));
  }
  if (query.size > 0) url += `?${query}`;
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (!type || !media) return { method, url, body: Buffer.alloc(0) };
  const json = type === "application/json";
  const body = json
    ? Buffer.from(JSON.stringify(media.example))
    : Buffer.from(String(media.example), "latin1");
  return { method, url, type, body };
}

let asked = 0;
/** Sends a request with the proof that its route asks for; each from an address of its own, so that no rate is met. */
async function send(
  { security }: Operation,
  example: Example,
  headers: InjectOptions["headers"] = {},
  app: FastifyInstance = world.app,
) {
  asked += 1;
  const proofs = {
    request: async () => ({ authorization: await authorization(example) }),
    token: async () => ({ "x-salus-upload": upload }),
  };
  const proven = await Promise.all(
    security.flatMap((each) => Object.keys(each)).map((name) => proofs[name as keyof typeof proofs]()),
  );
  const { method, url, type, body } = example;
  const answer = await app.inject({
    method,
    url,
    remoteAddress: `10.9.${asked >> 8}.${asked & 255}`,
    headers: Object.assign({}, ...proven, type ? { "content-type": type } : {}, headers),
    ...(type ? { payload: body } : {}),
  });
  const { code } = answer.statusCode < 400 ? {} : answer.json<{ code?: GatewayErrorCode }>();
  return { answer, status: answer.statusCode, code };
}

type Sent = Awaited<ReturnType<typeof send>>;

/** An answer stands in the document: its status, the form of its body, and a refusal's code among the examples. */
function expectDocumented({ route, responses }: Operation, { answer, status, code }: Sent): void {
  const about = `${route}: ${status} ${answer.body.slice(0, 300)}`;
  const range = `${Math.floor(status / 100)}XX`;
  const response = responses[status] ?? responses[range];
  expect(response, about).toBeDefined();
  const [type = ""] = String(answer.headers["content-type"] ?? "").split(";");
  const { content } = response!;
  if (!content) return expect(answer.body, about).toBe("");
  expect(Object.keys(content), about).toContain(type);
  if (type === "application/json") {
    expect(ajv.validate(content[type]!.schema, answer.json()), `${about} ${ajv.errorsText()}`).toBe(true);
  }
  if (status < 400) return;
  expect(Object.keys(content["application/json"]!.examples ?? {}), about).toContain(code);
  expect(ERRORS[code!].status, about).toBe(status);
}

describe("the document and the app", () => {
  it("have the same routes", () => {
    expect(operations.map(({ route }) => route).toSorted()).toEqual(registered.toSorted());
    expect(registered.length).toBeGreaterThan(50);
  });

  it("show a file with its own content id, and refusals with the status and hint that they have", () => {
    expect(digestFromCid(FILE_CID)).toBe(`0x${createHash("sha256").update(FILE).digest("hex")}`);
    let looked = 0;
    for (const { route, responses } of operations) {
      for (const [range, { content }] of Object.entries(responses)) {
        if (!range.endsWith("XX")) continue;
        const { schema, examples = {} } = content!["application/json"]!;
        for (const [code, { value }] of Object.entries(examples)) {
          looked += 1;
          const { status, hint } = ERRORS[code as GatewayErrorCode];
          expect(value, route).toMatchObject({ code, hint });
          expect(`${Math.floor(status / 100)}XX`, `${route} ${code}`).toBe(range);
          expect(ajv.validate(schema, value), `${route} ${code}: ${ajv.errorsText()}`).toBe(true);
        }
      }
    }
    expect(looked).toBeGreaterThan(300);
  });
});

describe("each documented example", () => {
  it("is carried out, or refused for what its route documents first, in the documented form", async () => {
    for (const operation of operations) {
      const { carriedOut, refuses: [first] = [] } = ROUTE_DOCS[operation.route]!;
      const sent = await send(operation, exampleOf(operation));
      expectDocumented(operation, sent);
      const about = `${operation.route}: ${sent.answer.body.slice(0, 300)}`;
      if (carriedOut || first === undefined) expect(sent.status, about).toBeLessThan(300);
      else expect(sent.code, about).toBe(first);
    }
  });

  it("gives the file that it stored", async () => {
    const found = await world.app.inject({ method: "GET", url: `/v1/blobs/${FILE_CID}` });
    expect([found.statusCode, found.body]).toEqual([200, FILE]);
  });
});

/** How each refusal that routes have in common comes about, from the example of a request. */
const PROVOKED: Partial<
  Record<
    GatewayErrorCode,
    (operation: Operation, example: Example, draining: FastifyInstance) => Promise<Sent>
  >
> = {
  GATEWAY_INVALID_REQUEST: (operation, example) => send(operation, malformed(operation, example)),
  GATEWAY_BODY_TOO_LARGE: (operation, example) => {
    const { body } = ROUTE_LIMITS[operation.route]!;
    return send(operation, example, { "content-length": String(LIMITS[body!].value + 1) });
  },
  GATEWAY_UNSUPPORTED_MEDIA_TYPE: (operation, example) => send(operation, { ...example, type: "text/plain" }),
  GATEWAY_UPLOAD_FORBIDDEN: (operation, example) => send({ ...operation, security: [] }, example),
  GATEWAY_UNSIGNED: (operation, example) => send({ ...operation, security: [] }, example),
  GATEWAY_SIGNATURE_INVALID: async (operation, example) =>
    send(operation, example, { authorization: await authorization({ ...example, url: "/v1/elsewhere" }) }),
  GATEWAY_REQUEST_STALE: async (operation, example) =>
    send(operation, example, { authorization: await authorization(example, 3600) }),
  GATEWAY_REQUEST_REPLAYED: async (operation, example) => {
    const headers = { authorization: await authorization(example) };
    await send(operation, example, headers);
    return send(operation, example, headers);
  },
  GATEWAY_STOPPING: (operation, example, draining) => send(operation, example, {}, draining),
};

/** A request that does not have its route's form. */
function malformed({ path, parameters = [] }: Operation, example: Example): Example {
  if (example.type === "application/json") return { ...example, body: Buffer.from("[]") };
  const named = parameters.find((each) => each.in === "path");
  if (named) return { ...example, url: path.replaceAll(/\{[^}]*\}/g, "x".repeat(100)) };
  if (parameters.length > 0) return { ...example, url: `${path}?unknown=1` };
  return { ...example, body: Buffer.from("cut short") };
}

describe("each documented refusal that routes have in common", () => {
  it.each(Object.keys(PROVOKED) as GatewayErrorCode[])("%s comes as documented", async (code) => {
    const lifecycle = createLifecycle();
    const draining = await world.replica({ lifecycle });
    lifecycle.drain();
    let looked = 0;
    for (const operation of operations) {
      const { responses, route } = operation;
      const documented = [responses["4XX"], responses["5XX"]].some(
        (response) => response?.content?.["application/json"]?.examples?.[code],
      );
      // A word in the body is signed itself: what becomes of such signatures has tests of its own.
      if (!documented || (ROUTE_DOCS[route]!.proof === "message" && /SIGNATURE|STALE|REPLAYED/.test(code)))
        continue;
      looked += 1;
      const sent = await PROVOKED[code]!(operation, exampleOf(operation), draining);
      expect(sent.code, `${route}: ${sent.status} ${sent.answer.body.slice(0, 300)}`).toBe(code);
      expectDocumented(operation, sent);
    }
    expect(looked).toBeGreaterThan(5);
  });
});
