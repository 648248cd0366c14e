/** Trading with oneself for tokens never pays: docs/issuance.md has the argument, this has the random strategies. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quorumCost } from "./quorum-cost.ts";
import { atMost, play, type Happening, type Sides } from "./wash.fixture.ts";

const bps = (max: bigint) => fc.bigInt({ min: 0n, max });
const sides: fc.Arbitrary<Sides> = fc.record({
  buyer: fc.boolean(),
  custodian: fc.boolean(),
  curator: fc.boolean(),
  patientsBps: fc.oneof(fc.constant(0n), fc.constant(10_000n), bps(10_000n)),
});
const order: fc.Arbitrary<Happening> = fc
  .record({
    sides,
    price: fc.oneof(
      bps(1_000n),
      fc.bigInt({ min: 0n, max: 10n ** 8n }),
      fc.bigInt({ min: 0n, max: 10n ** 13n }),
    ),
    custodianBps: bps(5_000n),
    curatorBps: bps(5_000n),
    releasedBps: fc.option(fc.oneof(fc.constant(10_000n), bps(10_000n)), { nil: undefined }),
  })
  .map(({ releasedBps, ...rest }) => ({
    type: "order" as const,
    ...rest,
    ...(releasedBps === undefined ? {} : { releasedBps }),
  }));
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: order },
  { weight: 2, arbitrary: fc.constant<Happening>({ type: "month" }) },
  { weight: 1, arbitrary: bps(1_000n).map((value): Happening => ({ type: "fee", bps: value })) },
  {
    weight: 1,
    arbitrary: fc
      .bigInt({ min: 100_000n, max: 10n ** 8n })
      .map((floor): Happening => ({ type: "floor", floor })),
  },
  { weight: 1, arbitrary: bps(10_000n).map((value): Happening => ({ type: "drain", bps: value })) },
  {
    weight: 1,
    arbitrary: fc.bigInt({ min: 0n, max: 10n ** 14n }).map((amount): Happening => ({ type: "gift", amount })),
  },
);
const start = fc.record({
  supply: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  treasury: fc.bigInt({ min: 0n, max: 10n ** 14n }),
  feeBps: bps(1_000n),
  floor: fc.bigInt({ min: 100_000n, max: 10n ** 8n }),
});
const RUNS = Number(process.env["SALUS_WASH_RUNS"] ?? 400);

describe("any strategy", () => {
  test("costs at least what its tokens are worth at the price at which they are issued", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), start, (happenings, begin) => {
        const { cost, value } = play(happenings, begin);
        expect(atMost(value, cost)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test("and is bounded by a hundredth of the supply an epoch", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), start, (happenings, begin) => {
        for (const { tokens, supply } of play(happenings, begin).epochs) {
          expect(atMost({ n: tokens.n * 100n, d: tokens.d }, supply)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("the tightest case by hand: one who is everybody gets exactly the fee's worth, never more", () => {
    const all: Sides = { buyer: true, custodian: true, curator: true, patientsBps: 10_000n };
    const wash: Happening = {
      type: "order",
      sides: all,
      price: 100_000_000n,
      custodianBps: 2_000n,
      curatorBps: 1_000n,
      releasedBps: 10_000n,
    };
    const begin = { supply: 10_000_000n, treasury: 0n, feeBps: 250n, floor: 100_000n };
    const { cost, value, issued } = play([wash], begin);
    // A fee of 2.50 dollars, the price comes back whole; 25 tokens at ten cents.
    expect(cost.n / cost.d).toBe(2_500_000n);
    expect(value.n / value.d).toBe(2_500_000n);
    expect(issued.n / issued.d).toBe(25n);
    // Half of the patients are others: they get 35 dollars, and 8.75 of the tokens.
    const half = play([{ ...wash, sides: { ...all, patientsBps: 5_000n } }], begin);
    expect(half.cost.n / half.cost.d).toBe(37_500_000n);
    expect(half.value.n / half.value.d).toBe(1_625_000n);
  });
});

describe("what a share of the votes costs through fees", () => {
  const supply = 10_000_000n;
  const floor = 100_000n;

  test("by hand: the quorum at the floor takes five epochs of 10,000 dollars", () => {
    // 4 % of (10,000,000 + x) is x at 416,667 tokens: five times 100,000.
    expect(quorumCost({ supply, floor, treasury: 0n, shareBps: 400n })).toEqual({
      fees: 50_000n * 10n ** 6n,
      epochs: 5,
      days: 515,
      tokens: 500_000n * 10n ** 18n,
    });
  });

  test("by hand: with ten million dollars in the treasury, a 99th of it each epoch", () => {
    const { fees, epochs } = quorumCost({ supply, floor, treasury: 10n ** 13n, shareBps: 400n });
    expect(epochs).toBe(5);
    let held = 10_000_000;
    for (let i = 0; i < 5; i++) held += held / 99;
    expect(Number(fees) / 1e6).toBeCloseTo(held - 10_000_000, 2);
  });

  test("stands in docs/issuance.md as computed", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../docs/issuance.md"), "utf8");
    for (const [name, shareBps] of [
      ["4 %", 400n],
      ["10 %", 1_000n],
      ["34 %", 3_400n],
      ["51 %", 5_100n],
    ] as const) {
      const costs = [0n, 1n, 10n, 100n].map((millions) =>
        quorumCost({ supply, floor: 1_000_000n, treasury: millions * 10n ** 12n, shareBps }),
      );
      const fees = costs.map((cost) => ((cost.fees + 500_000n) / 1_000_000n).toLocaleString("en-US"));
      const { epochs, days } = costs[0]!;
      expect(text).toContain(`| ${[name, ...fees, epochs, days.toLocaleString("en-US")].join(" | ")} |`);
    }
  });

  test("is what the model says somebody gets who pays it", () => {
    const all: Sides = { buyer: true, custodian: true, curator: true, patientsBps: 10_000n };
    for (const treasury of [0n, 10n ** 12n, 10n ** 13n]) {
      const { fees, epochs } = quorumCost({ supply, floor, treasury, shareBps: 1_000n });
      // The same fees in the same epochs: the whole fee is a tenth of the price.
      const story: Happening[] = [];
      let left = fees;
      let held = treasury;
      for (let i = 0; i < epochs; i++) {
        const cap = supply / 100n;
        const fee = cap * floor > (held + 98n) / 99n ? cap * floor : (held + 98n) / 99n;
        held += fee;
        left -= fee;
        const part = { price: fee * 10n, custodianBps: 2_000n, curatorBps: 1_000n, releasedBps: 10_000n };
        story.push({ type: "order", sides: all, ...part }, { type: "month" });
      }
      expect(left).toBe(0n);
      const { issued } = play(story, { supply, treasury, feeBps: 1_000n, floor });
      // Whole epochs, each at its cap.
      expect(issued.n / issued.d).toBeGreaterThanOrEqual((supply / 100n) * BigInt(epochs) - 1n);
    }
  });

  test("never gets cheaper with more in the treasury, a higher floor or a greater share", () => {
    const money = fc.bigInt({ min: 0n, max: 10n ** 14n });
    fc.assert(
      fc.property(money, money, fc.integer({ min: 100, max: 5_000 }), (a, b, share) => {
        const shareBps = BigInt(share);
        const [low, high] = a < b ? [a, b] : [b, a];
        const cost = (treasury: bigint, bps = shareBps, least = floor) =>
          quorumCost({ supply, treasury, floor: least, shareBps: bps }).fees;
        expect(cost(low) <= cost(high)).toBe(true);
        expect(cost(low) <= cost(low, shareBps, 2n * floor)).toBe(true);
        expect(cost(low, 100n) <= cost(low)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
