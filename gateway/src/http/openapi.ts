import swagger from "@fastify/swagger";
import type { FastifyInstance, RouteOptions } from "fastify";
import { VERSION } from "../identity.ts";
import { exampleOf } from "./examples.ts";
import { ROUTE_DOCS, type Proof, type RouteDoc } from "./route-docs.ts";
import { errorBody, type Schema } from "./schemas.ts";

type Parts = { body?: Schema; params?: Schema; querystring?: Schema; response?: Record<string, Schema> };
type Documented = Parts & { summary?: string; security?: object[]; hide?: boolean };

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

/**
 * Documents every route as it is added: what it is for, how whoever asks proves who they are, an example of each request
 * and answer, and the form of its errors. To be installed before any route.
 *
 * @throws Error at start for a route that is not described
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
    const doc = docOf(route);
    route.schema = describe((route.schema ?? {}) as Documented, doc) as NonNullable<RouteOptions["schema"]>;
  });
}

function docOf({ method, url }: RouteOptions): RouteDoc {
  const [first = ""] = [method].flat();
  const doc = ROUTE_DOCS[`${first === "HEAD" ? "GET" : first} ${url}`];
  if (doc) return doc;
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

type Operation = {
  parameters?: { name: string; schema: Schema; example?: unknown }[];
  requestBody?: object;
  responses: Record<string, { description?: string; content?: object }>;
};

/** The document, with what schemas cannot say: files, and examples of what stands in paths and queries. */
export function openApiDocument(app: FastifyInstance): object {
  const document = app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> };
  for (const [route, { takesFile, givesFile }] of Object.entries(ROUTE_DOCS)) {
    const [method = "", url = ""] = route.split(" ");
    const operation = document.paths[url.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
    if (!operation) continue;
    for (const parameter of operation.parameters ?? []) {
      parameter.example = exampleOf(parameter.schema, parameter.name);
    }
    if (takesFile) operation.requestBody = { required: true, content: BINARY };
    if (givesFile) operation.responses["200"] = { description: "The file.", content: BINARY };
  }
  return document;
}
