import * as fc from "fast-check";

/** A JSON schema as far as the gateway's routes use it. */
type Schema = {
  type?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  oneOf?: Schema[];
  enum?: unknown[];
};

/** Values that fit a schema, the edges of its bounds among them. @throws Error for a schema it cannot fill */
export function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map(fitting));
  switch (schema.type) {
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "integer":
      return integer(schema);
    case "string":
      return text(schema);
    case "array":
      return fc.array(fitting(schema.items!), { maxLength: Math.min(schema.maxItems ?? 4, 4) });
    case "object":
      return object(schema);
    default:
      throw new Error(`No generator for the schema ${JSON.stringify(schema).slice(0, 200)}.`);
  }
}

function integer({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema): fc.Arbitrary<number> {
  const most = Math.min(maximum, Number.MAX_SAFE_INTEGER);
  const small = fc.integer({ min: minimum, max: Math.min(most, minimum + 4) });
  return fc.oneof(
    small,
    fc.constantFrom(minimum, most),
    fc.maxSafeNat().map((n) => Math.min(most, minimum + n)),
  );
}

function text({ pattern, minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
  if (pattern) return fc.oneof(edgeOf(pattern), fc.stringMatching(new RegExp(pattern), { size: "small" }));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
}

/** Values that lead further than random ones: zero, one, all bits set. */
function edgeOf(pattern: string): fc.Arbitrary<string> {
  const digits = /\{(\d+)\}\$$/.exec(pattern);
  const length = Number(digits?.[1] ?? 0);
  const edges = ["0", "1", "7", `0x${"11".repeat(65)}`];
  if (pattern.startsWith("^0x[")) edges.push(...["0", "1", "f"].map((digit) => `0x${digit.repeat(length)}`));
  const fit = edges.filter((edge) => new RegExp(pattern).test(edge));
  return fit.length > 0
    ? fc.constantFrom(...fit)
    : fc.stringMatching(new RegExp(pattern), { size: "xsmall" });
}

function object({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  if (Object.keys(properties).length === 0)
    return fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue(), { maxKeys: 4 });
  const members = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, fitting(each)]));
  return fc.record(members, { requiredKeys: required });
}

/** Names and values that parsers trip over. */
const ODD: readonly unknown[] = [
  null,
  true,
  "",
  -1,
  1e308,
  0.5,
  [],
  {},
  "0x",
  "0X00",
  "\u0000",
  "٣",
  "9".repeat(500),
  `0x${"f".repeat(4100)}`,
  "../../etc/passwd",
  "'; drop table versions; --",
  { $ne: null },
  { constructor: { prototype: { x: 1 } } },
];

/** A value with one thing in it changed: a member gone, added or replaced. */
export function bent(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({ at: fc.nat(), how: fc.nat(2), instead: fc.constantFrom(...ODD) });
  return fc.tuple(value, change).map(([whole, { at, how, instead }]) => bend(whole, at, how, instead));
}

function bend(value: unknown, at: number, how: number, instead: unknown): unknown {
  if (typeof value !== "object" || value === null) return instead;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const names = Object.keys(copy);
  if (names.length === 0) return instead;
  const name = names[at % names.length]!;
  const inner = copy[name];
  if (typeof inner === "object" && inner !== null && at % 3 > 0) {
    copy[name] = bend(inner, Math.floor(at / 3), how, instead);
  } else if (how === 0) delete copy[name];
  else if (how === 1) copy[name] = instead;
  else copy[`${name}x`] = instead;
  return copy;
}

/** Bytes that are no JSON, or more of it than anybody needs. */
export const garbage: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  fc.constantFrom(
    Buffer.alloc(0),
    Buffer.from("{"),
    Buffer.from('{"__proto__":{"x":1}}'),
    Buffer.from('{"constructor":{"prototype":1}}'),
    Buffer.from('{"a":1,"a":2}'),
    Buffer.from("\ufeff{}"),
    Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
    Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.from("[".repeat(100_000)),
    Buffer.from(`{"a":`.repeat(20_000)),
    Buffer.from(`"${"\\u0000".repeat(10_000)}"`),
    Buffer.from(`[${"0,".repeat(50_000)}0]`),
    Buffer.from(`{${Array.from({ length: 5000 }, (_, i) => `"k${i}":${i}`).join(",")}}`),
    Buffer.from("1e999"),
    Buffer.from("-0"),
  ),
);
