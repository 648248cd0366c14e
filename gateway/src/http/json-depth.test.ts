import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

/** Levels of a parsed value, counted by walking it. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe("the depth of JSON text", () => {
  it("is that of its value, brackets in strings not counted", () => {
    const property = fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(8), (value, levels) => {
      const text = Buffer.from(JSON.stringify(value));
      expect(isDeeperThan(text, levels)).toBe(depthOf(JSON.parse(text.toString())) > levels);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it.each<[string, number, boolean]>([
    ['"[[[["', 0, false],
    ['"\\"[["', 0, false],
    ['["\\\\",[[]]]', 2, true],
    ['["\\\\\\"",[]]', 2, false],
    ["[[[", 2, true],
    ['"[[[', 0, false],
    ["", 0, false],
  ])("%s has more than %i levels: %s", (text, levels, expected) => {
    expect(isDeeperThan(Buffer.from(text), levels)).toBe(expected);
  });

  it("of a million brackets needs no stack", () => {
    expect(isDeeperThan(Buffer.from("[".repeat(1_000_000)), 999_999)).toBe(true);
    expect(isDeeperThan(Buffer.from("[".repeat(1_000_000)), 1_000_000)).toBe(false);
  });
});
