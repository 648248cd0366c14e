import { expect, test } from "vitest";
import type { Address } from "viem";
import { allocate, checkGenesis, COMMONS, readGenesis, type GenesisFile } from "./genesis.ts";

const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;

function file(over: Partial<GenesisFile> = {}): GenesisFile {
  return {
    chains: "any but 31337",
    supply: 100,
    caps: { roleBps: 6_000, unlockedBps: 5_000, holderUnlockedBps: 3_000 },
    parts: [
      { role: COMMONS, why: "", tokens: 50, lock: { delayDays: 1, vestingDays: 2 } },
      { role: "voters", why: "", tokens: 50 },
    ],
    ...over,
  };
}

test("both published allocations keep their rules", () => {
  const production = readGenesis("production");
  // By hand: 4 + 1.5 + 2 + 0.5 + 1 + 1 million.
  expect(production.supply).toBe(10_000_000);
  expect(production.parts.map(({ tokens }) => tokens)).toEqual([
    4_000_000, 1_500_000, 2_000_000, 500_000, 1_000_000, 1_000_000,
  ]);
  // Quorum is 4 %: no holder of free tokens may have it alone.
  expect(production.caps.holderUnlockedBps).toBeLessThan(400);
  expect(readGenesis("local").chains).toBe("31337 only");
});

test.each([
  ["another sum", { supply: 101 }, "sum up to 100"],
  ["a role above its cap", { caps: { roleBps: 4_999, unlockedBps: 5_000, holderUnlockedBps: 1 } }, "its cap"],
  [
    "too much that is free",
    { caps: { roleBps: 6_000, unlockedBps: 4_999, holderUnlockedBps: 1 } },
    "free from the start",
  ],
  [
    "a role twice",
    {
      parts: [
        { role: "voters", why: "", tokens: 50 },
        { role: "voters", why: "", tokens: 50 },
      ],
    },
    "twice",
  ],
  [
    "a free part of the commons",
    {
      parts: [
        { role: COMMONS, why: "", tokens: 50 },
        { role: "others", why: "", tokens: 50, lock: { delayDays: 1, vestingDays: 1 } },
      ],
    },
    "has to be locked",
  ],
  ["half a token", { supply: 50.5, parts: [{ role: "a", why: "", tokens: 50.5 }] }, "whole"],
  [
    "a lock without days",
    {
      parts: [
        { role: "a", why: "", tokens: 50, lock: { delayDays: 0, vestingDays: 1 } },
        { role: "b", why: "", tokens: 50 },
      ],
    },
    "whole and above zero",
  ],
])("refuses %s", (_, over, message) => {
  expect(() => checkGenesis(file(over))).toThrow(message);
});

test("holders share a role's tokens to the unit; the commons' part waits for its contract", () => {
  const parts = allocate(file(), { voters: [address(1), address(2), address(3)] });
  const third = (50n * 10n ** 18n) / 3n;
  expect(parts).toEqual([
    { role: COMMONS, amount: 50n * 10n ** 18n, lock: { delay: 86_400, period: 172_800 } },
    { role: "voters", holder: address(1), amount: third + 2n },
    { role: "voters", holder: address(2), amount: third },
    { role: "voters", holder: address(3), amount: third },
  ]);
  expect(parts.reduce((sum, { amount }) => sum + amount, 0n)).toBe(100n * 10n ** 18n);
});

test("refuses roles without holders, holders without roles, and one holder with too much", () => {
  expect(() => allocate(file(), {})).toThrow('Nobody is named for the role "voters"');
  expect(() => allocate(file(), { voters: [address(1)], others: [] })).toThrow('no role "others"');
  expect(() => allocate(file(), { voters: [address(1)] })).toThrow("more free tokens than the cap");
  // Under two names it is still one holder.
  expect(() => allocate(file(), { voters: [address(10), address(10)] })).toThrow("more free tokens");
});
