import { describe, expect, it } from "vitest";
import { formatParameter, formatVotes, parseParameter } from "./units.ts";

const DOLLARS = { symbol: "TUSD", decimals: 6 };

describe("values of parameters", () => {
  it.each([
    ["basis points", "200", "2 %"],
    ["basis points", "25", "0.25 %"],
    ["percent", "4", "4 %"],
    ["seconds", "172800", "2 days"],
    ["seconds", "90", "90 seconds"],
    ["smallest unit of the stake token", "1500000", "1.50 TUSD"],
    ["address", `0x${"0".repeat(40)}`, "Nobody"],
    ["digest", `0x${"0".repeat(64)}`, "None"],
  ] as const)("%s %s reads %s", (unit, value, words) => {
    expect(formatParameter(unit, value, DOLLARS)).toBe(words);
  });

  it.each([
    ["basis points", "3", "300"],
    ["basis points", "0.25", "25"],
    ["basis points", "0.255", null],
    ["percent", "4.5", null],
    ["seconds", "2 days", "172800"],
    ["seconds", "90", "90"],
    ["seconds", "1 hour", "3600"],
    ["seconds", "soon", null],
    ["smallest unit of the stake token", "1.5", "1500000"],
    ["digest", "0x12", null],
    ["address", "0x12", null],
  ] as const)("%s typed as %s is %s", (unit, typed, value) => {
    expect(parseParameter(unit, typed, DOLLARS)).toBe(value);
  });

  it("says votes whole, and that there are some when there is less than one", () => {
    expect(formatVotes(3_333_333_333_333_333_333_333_333n)).toBe("3,333,333 votes");
    expect(formatVotes(10n ** 18n)).toBe("1 vote");
    expect(formatVotes(1n)).toBe("less than 1 vote");
    expect(formatVotes(0n)).toBe("0 votes");
  });
});
