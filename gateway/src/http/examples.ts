import type { Schema } from "./schemas.ts";

/* Examples of requests and answers, put together from those of their members: they cannot leave out a member or keep one
   that is gone. */

const HASH = `0x${"4f".repeat(32)}`;

/** A file of the examples, and its content id (CIDv1, codec raw, SHA-256). */
export const FILE = "salus";
export const FILE_CID = "bafkreigzoohw7oix22wqbad2y6ukejqvych3zrnwopgjobcsown7ml3x5y";

/** Members whose form says too little: what they look like. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  name: "st-anna",
  status: "effective",
  state: "delivered",
  version: "0.1.0",
  isolation: "process: no keys, no network, empty environment, memory and time limits",
  code: "GATEWAY_CONSENT_REVOKED",
  message: "The person has stopped sharing.",
  hint: "Leave the record out.",
  action: "job",
  decision: "permitted",
  reason: "PERMITTED",
  id: "b1f0c9d2-7a34-4d6e-9c57-2f8e1a5d3b60",
  chainId: 31337,
  index: 1,
  gateway: 1,
  size: 4096,
  offset: 0,
  format: "raw",
  n: "1",
  cid: FILE_CID,
  signature: `0x${"1b".repeat(65)}`,
  codeSignature: `0x${"1b".repeat(65)}`,
  spec: {
    analysis: "count",
    version: 1,
    tables: "fhir-r4/1",
    parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
  },
};

/** Values by form; the first that a pattern takes. The base64 of {@link FILE} fits no other form than its own. */
const TEXTS = [
  "c2FsdXM=",
  "7",
  "0x5fbdb2315678afecb367f032d93f642f64180aa3",
  HASH,
  `0x${"1b".repeat(65)}`,
  "b1f0c9d2-7a34-4d6e-9c57-2f8e1a5d3b60",
];

/**
 * A value that fits a schema and looks like what stands there.
 *
 * @throws Error for a schema of a kind that no route has
 */
export function exampleOf(schema: Schema, name = ""): unknown {
  const {
    type,
    properties = {},
    items,
    oneOf,
    minLength,
  } = schema as {
    type?: string;
    properties?: Record<string, Schema>;
    items?: Schema;
    oneOf?: Schema[];
    minLength?: number;
  };
  if (oneOf) return exampleOf(oneOf[0]!, name);
  const named = BY_NAME[name];
  if (named !== undefined && fits(named, schema)) return named;
  switch (type) {
    case "object":
      return Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, exampleOf(each, key)]));
    case "array":
      return [exampleOf(items!, name.replace(/s$/, ""))];
    case "string":
      return textOf(schema, minLength);
    case "integer":
      return Math.max(1, Number(schema["minimum"] ?? 0));
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      throw new Error(`There is no example for ${JSON.stringify(schema).slice(0, 200)}.`);
  }
}

function textOf(schema: Schema, minLength = 0): string {
  const found = minLength > 0 ? FILE_CID : TEXTS.find((text) => fits(text, schema));
  if (found !== undefined) return found;
  throw new Error(`There is no example for the pattern ${String(schema["pattern"])}.`);
}

/** Whether a value has a schema's type, pattern and length; enough to choose by. */
function fits(value: unknown, { type, pattern, maxLength, properties }: Schema): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && properties === undefined;
  if (type !== "string" || typeof value !== "string") return false;
  if (maxLength !== undefined && value.length > Number(maxLength)) return false;
  return pattern === undefined || new RegExp(String(pattern)).test(value);
}
