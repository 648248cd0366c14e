import { describe, expect, it } from "vitest";
import { readRange } from "./range.ts";

describe("a range header", () => {
  // RFC 9110 §14.1.2, with its own examples for 10,000 bytes.
  it.each<[string | undefined, number, unknown]>([
    ["bytes=0-499", 10_000, { start: 0, end: 500 }],
    ["bytes=500-999", 10_000, { start: 500, end: 1000 }],
    ["bytes=-500", 10_000, { start: 9500, end: 10_000 }],
    ["bytes=9500-", 10_000, { start: 9500, end: 10_000 }],
    ["bytes=9500-99999", 10_000, { start: 9500, end: 10_000 }],
    ["bytes=-99999", 10_000, { start: 0, end: 10_000 }],
    ["bytes=10000-", 10_000, "unsatisfiable"],
    ["bytes=-0", 10_000, "unsatisfiable"],
    ["bytes=0-0", 0, "unsatisfiable"],
    ["bytes=0-0,-1", 10_000, undefined],
    ["bytes=5-4", 10_000, undefined],
    ["lines=1-2", 10_000, undefined],
    ["bytes=-", 10_000, undefined],
    [undefined, 10_000, undefined],
  ])("%s of %i bytes", (header, size, expected) => {
    expect(readRange(header, size)).toEqual(expected);
  });
});
