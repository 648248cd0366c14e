import fc from "fast-check";
import { expect, test } from "vitest";
import { callsLeft, channelCost, channelFee } from "./money.ts";

test("the fee is rounded down on the whole, not on each call", () => {
  expect(channelFee({ feeBps: 250 }, 39n)).toBe(0n);
  expect(channelFee({ feeBps: 250 }, 40n)).toBe(1n);
  expect(channelCost({ feeBps: 200 }, 30_000_000n)).toBe(30_600_000n);
});

test("as many calls are left as the deposit pays for, and not one more", () => {
  const numbers = fc.record({
    price: fc.bigInt(1n, 10_000n),
    feeBps: fc.integer({ min: 0, max: 1_000 }),
    paidIn: fc.bigInt(0n, 1_000_000n),
    amount: fc.bigInt(0n, 1_000_000n),
  });
  fc.assert(
    fc.property(numbers, ({ price, feeBps, paidIn, amount }) => {
      const left = callsLeft({ price, feeBps }, { paidIn, amount });
      const cost = (calls: bigint) => channelCost({ feeBps }, amount + calls * price);
      expect(left === 0n || cost(left) <= paidIn).toBe(true);
      expect(cost(left + 1n) > paidIn).toBe(true);
    }),
  );
});
