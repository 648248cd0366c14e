import { describe, expect, it } from "vitest";
import { layoutHistogram } from "./histogram-layout.ts";
import { datasetSplit, modelSplit, orderSplit } from "./order-split.ts";
import { layoutSplit } from "./split.ts";

const SIZE = { width: 120, height: 110, left: 10, right: 10, top: 5, bottom: 5 };

describe("histogram layout", () => {
  it("puts bars on a linear scale from the left edge to the right edge", () => {
    const { bars, baseline } = layoutHistogram(
      [
        { from: 0, to: 10, count: 50 },
        { from: 10, to: 40, count: 100 },
      ],
      SIZE,
    );
    expect(baseline).toBe(105);
    expect(bars.map(({ x, width, height }) => [x, width, height])).toEqual([
      [10, 25, 50],
      [35, 75, 100],
    ]);
  });
  it("draws a count below zero as an empty bar and survives no bins", () => {
    expect(layoutHistogram([{ from: 0, to: 1, count: -3 }], SIZE).bars[0]?.height).toBe(0);
    expect(layoutHistogram([], SIZE).bars).toEqual([]);
  });
});

describe("payment split", () => {
  const terms = { price: 10_001n, custodianBps: 2000, curatorBps: 1000, feeBps: 300 };
  it("rounds shares down and leaves the rest to the pot, so that nothing is lost", () => {
    expect(orderSplit(terms)).toEqual({ pot: 7001n, custodian: 2000n, curator: 1000n, fee: 300n });
    expect(datasetSplit(terms).reduce((sum, part) => sum + part.amount, 0n)).toBe(10_301n);
  });
  it("gives a model's parents their shares", () => {
    const parts = modelSplit({
      ...terms,
      price: 1000n,
      curatorBps: 5000,
      parents: [{ title: "A", shareBps: 3000 }],
    });
    expect(parts.map((part) => part.amount)).toEqual([500n, 300n, 200n, 30n]);
  });
  it("fills the bar exactly", () => {
    const segments = layoutSplit([1n, 1n, 1n].map((amount, index) => ({ label: String(index), amount })));
    expect(segments.map(({ x, width, share }) => [x, width, share])).toEqual([
      [0, 333, "33.3 %"],
      [333, 333, "33.3 %"],
      [666, 334, "33.3 %"],
    ]);
    expect(layoutSplit([{ label: "a", amount: 0n }])[0]?.width).toBe(0);
  });
});
