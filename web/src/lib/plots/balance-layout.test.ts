import { describe, expect, it } from "vitest";
import { layoutBalance } from "./balance-layout.ts";

const SIZE = { width: 120, height: 60, left: 10, right: 10, top: 10, bottom: 10 };

describe("a balance over time", () => {
  it("goes in steps from zero up to now", () => {
    // 100 s over 100 units of width; 0 to 100 over 40 units of height, from the bottom up.
    const points = [
      { at: 1_000, balance: 50 },
      { at: 1_050, balance: 100 },
    ];
    const { path, baseline } = layoutBalance(points, 1_100, SIZE);
    expect(path).toBe("M10,50H10V30H60V10H110");
    expect(baseline).toBe(50);
  });
  it("marks hours of one day, and days beyond", () => {
    const noon = Date.UTC(2026, 0, 15, 12) / 1000;
    const labels = (from: number) =>
      layoutBalance([{ at: from, balance: 1 }], noon, SIZE).xTicks.map(({ label }) => label);
    expect(labels(noon - 3 * 3_600)).toContain("11:00");
    expect(labels(noon - 4 * 86_400)).toContain("14 Jan");
  });
  it("draws nothing without a flow", () => {
    expect(layoutBalance([], 1_000, SIZE).path).toBe("");
  });
});
