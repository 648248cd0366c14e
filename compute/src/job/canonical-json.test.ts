import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonicalJson", () => {
  it("gives the text of RFC 8785 §3.2.2 and §3.2.3", () => {
    const input = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(input)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it("sorts by UTF-16 code units (RFC 8785 §3.2.3)", () => {
    const input = JSON.parse(
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    );
    expect(Object.values(JSON.parse(canonicalJson(input)))).toEqual([
      "One", // JSON.parse puts the integer-like name first; it is also second in the RFC's order, after \r
      "Carriage Return",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
    expect(canonicalJson(input).startsWith(String.raw`{"\r":"Carriage Return","1":"One"`)).toBe(true);
  });

  it("writes minus zero as zero", () => {
    expect(canonicalJson([-0])).toBe("[0]");
  });

  it.each([
    ["undefined", { a: undefined }],
    ["NaN", [Number.NaN]],
    ["infinity", [Infinity]],
    ["a bigint", { a: 1n }],
    ["a lone surrogate", "\ud800"],
    ["a date", new Date(0)],
    ["a hole", [, 1]], // oxlint-disable-line no-sparse-arrays
  ])("refuses %s", (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(/Canonical JSON cannot hold/);
  });

  it("refuses a cycle instead of running out of stack", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    expect(() => canonicalJson(loop)).toThrow(/nesting deeper/);
  });
});
