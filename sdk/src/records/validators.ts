import * as v from "valibot";
import type { Address, Hex } from "viem";
import { digestFromCid } from "../cid.ts";

/* Pieces that the schemas of files share. Hexadecimal is lower case: one value, one spelling. */

/** `0x` and 64 lower-case digits. */
export const bytes32 = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{64}$/, "32 bytes of lower-case hexadecimal"),
  v.transform((text) => text as Hex),
);

/** `0x` and 40 lower-case digits. */
export const address = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{40}$/, "an address in lower-case hexadecimal"),
  v.transform((text) => text as Address),
);

/** An unsigned integer of at most 48 bits, as a JSON number. */
export function uint(bits: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** bits - 1));
}

/** An unsigned integer of any width up to 256 bits, as a decimal string, to a bigint. */
export function decimal(bits: number) {
  return v.pipe(
    v.string(),
    v.regex(/^(0|[1-9][0-9]{0,77})$/, "a whole number in decimal digits"),
    v.transform((text) => BigInt(text)),
    v.check((value) => value >> BigInt(bits) === 0n, `at most ${bits} bits`),
  );
}

/** CIDv1 raw sha2-256 base32. */
export const cid = v.pipe(
  v.string(),
  v.maxLength(80),
  v.check((text) => isCid(text), "a CIDv1 of raw bytes"),
);

function isCid(text: string): boolean {
  try {
    digestFromCid(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a valibot issue is and what was expected, e.g. `conditions.0.code: an ICD-10 code`. Never the value itself. */
export function describeIssue(issue: v.BaseIssue<unknown>): { path: string; expected: string } {
  const path = v.getDotPath(issue) ?? "(whole)";
  const own = issue.kind === "validation" && !issue.message.startsWith("Invalid ");
  return { path, expected: own ? issue.message : (issue.expected ?? issue.type) };
}
