import { describe, expect, it } from "vitest";
import { formatMoney, parseMoney } from "./money.ts";

const DOLLAR = { symbol: "tUSD", decimals: 6 };

describe("money", () => {
  it.each([
    [0n, "0.00 tUSD"],
    [1n, "0.000001 tUSD"],
    [1_500_000n, "1.50 tUSD"],
    [1_234_567_890_000n, "1,234,567.89 tUSD"],
    [-2_000_000n, "−2.00 tUSD"],
  ])("writes %s", (amount, text) => expect(formatMoney(amount, DOLLAR)).toBe(text));
  it("writes tokens without places", () => expect(formatMoney(7n, { symbol: "X", decimals: 0 })).toBe("7 X"));
  it.each([
    ["12.5", 12_500_000n],
    ["1,234.000001", 1_234_000_001n],
    [" 7 ", 7_000_000n],
  ])("reads %s", (text, amount) => expect(parseMoney(text, DOLLAR)).toBe(amount));
  it.each(["", "-1", "1.2345678", "12,34", "1e3", "abc", "."])("does not read %s", (text) =>
    expect(parseMoney(text, DOLLAR)).toBeNull(),
  );
});
