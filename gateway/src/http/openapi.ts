import swagger from "@fastify/swagger";
import type { FastifyInstance, RouteOptions } from "fastify";
import { VERSION } from "../identity.ts";
import { exampleOf, FILE } from "./examples.ts";
import { refusalExamples } from "./refusals.ts";
import { ROUTE_DOCS, type Proof, type RouteDoc } from "./route-docs.ts";
import { errorBody, type Schema } from "./schemas.ts";

type Parts = { body?: Schema; params?: Schema; querystring?: Schema; response?: Record<string, Schema> };
type Documented = Parts & { summary?: string; security?: object[] };

/** How each proof is sent. */
const SCHEMES = {
  request: {
    type: "apiKey",
    in: "header",
    name: "authorization",
    description:
      "`Salus <base64url of JSON {signer, issuedAt, nonce, signature}>`: an EIP-712 `Request` over method, path, SHA-256 of the body, gateway, time and nonce. It serves once, for two minutes.",
  },
  token: {
    type: "apiKey",
    in: "header",
    name: "x-salus-upload",
    description:
      "base64url of JSON {token, signer, signature}: an EIP-712 `UploadToken` of the asset's curator or of its custodian's operator.",
  },
} as const;

const BINARY = { "application/octet-stream": { schema: { type: "string", format: "binary" } } };

/** Bodies that are no JSON: one byte for each character. */
const FILES: Readonly<Record<string, string>> = {
  "POST /v1/blob-batches": `\u0000\u0000\u0000${String.fromCharCode(FILE.length)}${FILE}`,
};

/** Answers that are neither JSON of a schema nor a file. */
const OTHER = {
  text: { "text/plain": { schema: { type: "string" }, example: 'salus_ready{check="chain"} 1' } },
  document: {
    "application/json": {
      schema: { type: "object", required: ["openapi", "paths"] },
      example: { openapi: "3.1.0", paths: {} },
    },
  },
};

/**
 * Documents every route as it is added: what it is for, how whoever asks proves who they are, an example of each request
 * and answer, and the form of its errors. To be installed before any route.
 *
 * @throws Error at start for a route that is not described, or whose refusals have no message
 */
export async function installOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Salus gateway",
        version: VERSION,
        description: "Errors are `{code, message, hint}`; limits and rates are in docs/limits.md.",
      },
      components: { securitySchemes: SCHEMES },
    },
  });
  app.addHook("onRoute", (route: RouteOptions) => {
    const [name, doc] = docOf(route);
    // A refusal that cannot be shown stops the start, and not the first who asks for the document.
    refusalExamples(name);
    route.schema = describe((route.schema ?? {}) as Documented, doc) as NonNullable<RouteOptions["schema"]>;
  });
}

function docOf({ method, url }: RouteOptions): [name: string, doc: RouteDoc] {
  const [first = ""] = [method].flat();
  const name = `${first === "HEAD" ? "GET" : first} ${url}`;
  const doc = ROUTE_DOCS[name];
  if (doc) return [name, doc];
  throw new Error(`${first} ${url} has no row in gateway/src/http/route-docs.ts.`);
}

function describe(schema: Documented, { summary, proof }: RouteDoc): Documented {
  const { body, response = {}, ...rest } = schema;
  const answers = { "4xx": errorBody, "5xx": errorBody, ...response };
  return {
    ...rest,
    summary,
    ...(body ? { body: withExample(body) } : {}),
    response: Object.fromEntries(
      Object.entries(answers).map(([status, each]) => [status, withExample(each)]),
    ),
    security: securityOf(proof),
  };
}

const withExample = (schema: Schema): Schema =>
  schema["type"] === "null" ? schema : { ...schema, examples: [exampleOf(schema)] };

const securityOf = (proof: Proof): object[] =>
  proof === "request" || proof === "token" ? [{ [proof]: [] }] : [];

type Media = { schema: Schema; example?: unknown; examples?: object };
type Operation = {
  parameters?: { name: string; schema: Schema; example?: unknown }[];
  requestBody?: { required: true; content: Record<string, Media> };
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
};

/** The document, with what schemas cannot say: files, why a route refuses, and examples of what stands in paths and queries. */
export function openApiDocument(app: FastifyInstance): object {
  const document = app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> };
  for (const route of Object.keys(ROUTE_DOCS)) {
    const [method = "", url = ""] = route.split(" ");
    const path = url.replaceAll(/:(\w+)/g, "{$1}").replace("*", "{*}");
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (operation) complete(operation, route);
  }
  return document;
}

function complete(operation: Operation, route: string): void {
  const { takesFile, givesFile, gives, refusesAll } = ROUTE_DOCS[route]!;
  for (const parameter of operation.parameters ?? []) {
    parameter.example = exampleOf(parameter.schema, parameter.name);
  }
  if (takesFile) operation.requestBody = { required: true, content: binary(FILES[route] ?? FILE) };
  const { responses } = operation;
  if (givesFile) responses["200"] = { description: "The file.", content: BINARY };
  if (gives) responses["200"] = { description: "The answer.", content: OTHER[gives] };
  if (refusesAll) delete responses["200"];
  for (const [range, examples] of Object.entries(refusalExamples(route))) {
    if (Object.keys(examples).length === 0) continue;
    const media = responses[range]!.content!["application/json"]!;
    delete media.example;
    media.examples = examples;
  }
}

const binary = (example: string) => ({
  "application/octet-stream": { ...BINARY["application/octet-stream"], example },
});
