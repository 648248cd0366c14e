import { ComputeError } from "../errors.ts";

/**
 * One text for one JSON value, after RFC 8785 (JSON Canonicalization Scheme): no white space, object members sorted
 * by the UTF-16 code units of their names, numbers and strings as ECMAScript's JSON.stringify writes them.
 *
 * Refuses (COMPUTE_BadJob) what JSON cannot carry or would change silently: undefined, NaN, infinities, bigint,
 * lone surrogates, class instances, sparse arrays, cycles deeper than 64 levels.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

const MAX_DEPTH = 64;

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw refuse(`nesting deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "string") return writeString(value);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(",")}]`;
  if (isPlainObject(value)) return writeObject(value, depth);
  throw refuse(`a value of type ${typeof value}`);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw refuse("a number that is not finite");
  return JSON.stringify(value);
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw refuse("a string with a lone surrogate");
  return JSON.stringify(value);
}

function writeObject(value: Record<string, unknown>, depth: number): string {
  // The default sort compares UTF-16 code units, which is what RFC 8785 §3.2.3 asks for.
  const members = Object.keys(value)
    .sort()
    .map((name) => `${writeString(name)}:${write(value[name], depth + 1)}`);
  return `{${members.join(",")}}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refuse(what: string): ComputeError {
  return new ComputeError("COMPUTE_BadJob", `Canonical JSON cannot hold ${what}.`, {
    hint: "Send plain JSON values only.",
  });
}
