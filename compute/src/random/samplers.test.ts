import { describe, expect, it } from "vitest";
import { bernoulli, bernoulliExp, discreteGaussian, discreteLaplace } from "./samplers.ts";
import { seededRandom } from "./seeded.fixture.ts";
import { uniformBelow } from "./source.ts";

/**
 * Pearson's statistic of observed integers against a probability mass function; what lies beyond ±reach is one cell.
 * The oracle (the mass function) is written in floating point from the closed form, apart from the sampler.
 */
function chiSquare(samples: readonly number[], mass: (x: number) => number, reach: number): number {
  const counts = new Map<number, number>();
  for (const x of samples) counts.set(x, (counts.get(x) ?? 0) + 1);
  let statistic = 0;
  let restMass = 1;
  let restCount = samples.length;
  for (let x = -reach; x <= reach; x++) {
    const expected = mass(x) * samples.length;
    const observed = counts.get(x) ?? 0;
    statistic += (observed - expected) ** 2 / expected;
    restMass -= mass(x);
    restCount -= observed;
  }
  const expected = restMass * samples.length;
  return statistic + (restCount - expected) ** 2 / expected;
}

/** P(x) = (1 − q) ÷ (1 + q) · q^|x| with q = exp(−1 ÷ scale). */
function laplaceMass(scale: number): (x: number) => number {
  const q = Math.exp(-1 / scale);
  return (x) => ((1 - q) / (1 + q)) * q ** Math.abs(x);
}

function gaussianMass(variance: number): (x: number) => number {
  let total = 0;
  for (let x = -200; x <= 200; x++) total += Math.exp((-x * x) / (2 * variance));
  return (x) => Math.exp((-x * x) / (2 * variance)) / total;
}

function draw(count: number, sample: () => bigint): number[] {
  return Array.from({ length: count }, () => Number(sample()));
}

describe("bernoulli", () => {
  it("is certain at 0 and at 1", () => {
    const source = seededRandom("certain");
    for (let i = 0; i < 100; i++) {
      expect(bernoulli({ numerator: 0n, denominator: 7n }, source)).toBe(false);
      expect(bernoulli({ numerator: 7n, denominator: 7n }, source)).toBe(true);
    }
  });

  // 4 standard deviations of a proportion p over n draws: 4·√(p(1−p)/n).
  it.each([
    [1n, 3n, 1 / 3],
    [999n, 1000n, 0.999],
  ])("is true with probability %d/%d", (numerator, denominator, p) => {
    const source = seededRandom("bernoulli");
    const n = 20_000;
    let hits = 0;
    for (let i = 0; i < n; i++) hits += bernoulli({ numerator, denominator }, source) ? 1 : 0;
    expect(Math.abs(hits / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
  });

  // exp(−1/2) = 0.60653…, exp(−1) = 0.36788…, exp(−5/2) = 0.08208… (tables)
  it.each([
    [0n, 1n, 1],
    [1n, 2n, 0.6065306597],
    [1n, 1n, 0.3678794412],
    [5n, 2n, 0.0820849986],
  ])("bernoulliExp is true with probability exp(−%d/%d)", (numerator, denominator, p) => {
    const source = seededRandom("exp");
    const n = 20_000;
    let hits = 0;
    for (let i = 0; i < n; i++) hits += bernoulliExp({ numerator, denominator }, source) ? 1 : 0;
    expect(Math.abs(hits / n - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / n));
  });
});

describe("discreteLaplace", () => {
  // The upper 0.1 % point of χ² with 2·reach + 1 degrees of freedom: 7 → 24.32, 11 → 31.26, 21 → 46.80 (tables).
  it.each([
    ["1/2", 1n, 2n, 3, 24.32],
    ["1", 1n, 1n, 3, 24.32],
    ["7/3", 7n, 3n, 5, 31.26],
    ["5", 5n, 1n, 10, 46.8],
    ["10/2 (not in lowest terms)", 10n, 2n, 10, 46.8],
  ])("follows the exact probabilities at scale %s", (_name, numerator, denominator, reach, critical) => {
    const source = seededRandom("laplace");
    const samples = draw(30_000, () => discreteLaplace({ numerator, denominator }, source));
    const scale = Number(numerator) / Number(denominator);
    expect(chiSquare(samples, laplaceMass(scale), reach)).toBeLessThan(critical);
  });

  it("is almost always 0 at a very small scale and wide at a very large one", () => {
    const source = seededRandom("edges");
    const small = draw(1000, () => discreteLaplace({ numerator: 1n, denominator: 100n }, source));
    expect(small.every((x) => x === 0)).toBe(true);
    // Mean of |x| is about the scale; 10^18 is far beyond exact floats.
    const large = draw(500, () => discreteLaplace({ numerator: 10n ** 18n, denominator: 1n }, source));
    const meanMagnitude = large.reduce((sum, x) => sum + Math.abs(x), 0) / large.length;
    expect(meanMagnitude / 1e18).toBeGreaterThan(0.8);
    expect(meanMagnitude / 1e18).toBeLessThan(1.2);
  });

  it("refuses a scale of 0", () => {
    expect(() => discreteLaplace({ numerator: 0n, denominator: 1n }, seededRandom("zero"))).toThrow(
      /scale of the noise must be above 0/,
    );
  });
});

describe("discreteGaussian", () => {
  it.each([
    ["1/3", 1n, 3n, 2, 20.52], // 5 degrees of freedom
    ["1", 1n, 1n, 3, 24.32],
    ["21/2", 21n, 2n, 10, 46.8],
  ])("follows the exact probabilities at variance %s", (_name, numerator, denominator, reach, critical) => {
    const source = seededRandom("gaussian");
    const samples = draw(30_000, () => discreteGaussian({ numerator, denominator }, source));
    const variance = Number(numerator) / Number(denominator);
    expect(chiSquare(samples, gaussianMass(variance), reach)).toBeLessThan(critical);
  });
});

describe("uniformBelow", () => {
  it("rejects instead of taking remainders", () => {
    // Bytes 255 and 250 are both ≥ 200 and must be thrown away: the first accepted one is 199.
    const bytes = [255, 250, 199];
    const source = { bytes: () => Uint8Array.of(bytes.shift()!) };
    expect(uniformBelow(200n, source)).toBe(199n);
    expect(bytes).toEqual([]);
  });

  it("draws nothing wide for a bound of 1 and refuses 0", () => {
    expect(uniformBelow(1n, seededRandom("one"))).toBe(0n);
    expect(() => uniformBelow(0n, seededRandom("none"))).toThrow(/bound of at least 1/);
  });
});
