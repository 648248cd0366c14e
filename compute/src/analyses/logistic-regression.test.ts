import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { ModelResult } from "../gate/results.ts";
import { runJob } from "../job/run.ts";
import { seededRandom } from "../random/seeded.fixture.ts";
import { secureRandom } from "../random/source.ts";
import { bundleOf, type TestSubject } from "../tables/bundles.fixture.ts";
import { buildTable } from "../tables/table.ts";
import { logisticRegression, sensitivityInSteps } from "./logistic-regression.ts";
import { fitLogistic, gradientAt, type LabelledRow } from "./logistic-solver.ts";

/** Plain gradient descent, a second and slower way to the same minimum. */
function descend(rows: readonly LabelledRow[], dimension: number, penalty: number): number[] {
  let weights = Array.from({ length: dimension }, () => 0);
  const rate = 1 / (penalty + rows.length / 4);
  for (let step = 0; step < 200_000; step++) {
    const gradient = weights.map((w, j) => {
      const pulls = rows.map(
        ({ x, label }) =>
          (-label * x[j]!) / (1 + Math.exp(label * x.reduce((s, v, i) => s + v * weights[i]!, 0))),
      );
      return penalty * w + pulls.reduce((sum, each) => sum + each, 0);
    });
    weights = weights.map((w, j) => w - rate * gradient[j]!);
    if (Math.hypot(...gradient) < 1e-9) break;
  }
  return weights;
}

/** Repeatable rows of norm ≤ 1. */
function rowsOf(count: number, seed: number): LabelledRow[] {
  let state = seed;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: count }, () => {
    const [a, b] = [2 * next() - 1, 2 * next() - 1];
    const x = [a / Math.sqrt(3), b / Math.sqrt(3), 1 / Math.sqrt(3)];
    return { x, label: next() < 1 / (1 + Math.exp(-3 * a)) ? 1 : -1 };
  });
}

describe("fitLogistic", () => {
  it("finds the minimum that gradient descent finds", () => {
    const rows = rowsOf(80, 7);
    const expected = descend(rows, 3, 0.8);
    fitLogistic(rows, 3, 0.8).forEach((w, i) => expect(w).toBeCloseTo(expected[i]!, 6));
  });

  it("solves one row by hand: w = σ(−w) at penalty 1, the omega-like constant 0.4010581…", () => {
    // For x = 1, y = 1, λ = 1 the optimum satisfies w·(1 + e^w) = 1.
    const [w] = fitLogistic([{ x: [1], label: 1 }], 1, 1);
    expect(w! * (1 + Math.exp(w!))).toBeCloseTo(1, 6);
    expect(w).toBeCloseTo(0.401058, 5);
  });

  it("gives zero for no rows, and converges on separable rows with a small penalty", () => {
    expect(fitLogistic([], 2, 1)).toEqual([0, 0]);
    const rows: LabelledRow[] = Array.from({ length: 5000 }, (_, i) => ({
      x: [i % 2 ? 1 : -1],
      label: i % 2 ? 1 : -1,
    }));
    const weights = fitLogistic(rows, 1, 0.01);
    expect(Math.hypot(...gradientAt(weights, rows, 0.01))).toBeLessThan(2 ** -21);
  });

  it("moves by no more than 1 ÷ λ when one row is taken away", () => {
    for (const penalty of [0.05, 1, 20]) {
      const rows = rowsOf(40, 11);
      const full = fitLogistic(rows, 3, penalty);
      for (let gone = 0; gone < rows.length; gone++) {
        const without = fitLogistic(rows.toSpliced(gone, 1), 3, penalty);
        expect(Math.hypot(...full.map((w, i) => w - without[i]!))).toBeLessThanOrEqual(
          (1 + 2 ** -18) / penalty,
        );
      }
    }
  });
});

describe("sensitivityInSteps", () => {
  it("follows the derivation by hand", () => {
    // p = 4, λ = 10: √4·(1 + 2⁻¹⁸)·2²⁰ ÷ 10 = 209,716.0 → with √4 rounded up to 2.000001: 209,716.1049 → 209,717; + 4.
    expect(sensitivityInSteps(4, { numerator: 10n, denominator: 1n })).toBe(209_721n);
    // p = 1, λ = 1/2: 1.000001·(1 + 2⁻¹⁸)·2²¹ = 2,097,162.0972 → 2,097,163; + 1.
    expect(sensitivityInSteps(1, { numerator: 1n, denominator: 2n })).toBe(2_097_164n);
  });
});

describe("logistic-regression job", () => {
  const epsilon = { numerator: 1, denominator: 1 };
  const parameters = {
    features: [{ column: "hba1c", lower: 4, upper: 12 }],
    label: { kind: "condition", system: "icd-10-cm", code: "E11" },
    filter: [],
    regularisation: { numerator: 1, denominator: 10 },
    epsilon,
  };
  const people: TestSubject[] = Array.from({ length: 300 }, (_, i) => ({
    observations: [{ loinc: "4548-4", value: 4 + (i % 30) / 4, unit: "%" }],
    conditions: i % 30 > 12 ? ["E11.9"] : [],
  }));

  function train(subjects: readonly TestSubject[], more: object = {}, random = secureRandom): ModelResult {
    const spec = {
      analysis: "logistic-regression",
      version: 1,
      tables: "fhir-r4/1",
      parameters: { ...parameters, ...more },
    };
    const result = runJob(spec, subjects.map(bundleOf), random);
    if (result.kind !== "model") throw new Error(`got ${result.kind}`);
    return result;
  }

  /** The rows of `people` scaled by hand: (value − 8) ÷ 4 ÷ √2 and 1 ÷ √2. */
  function scaledByHand(subjects: readonly TestSubject[]): LabelledRow[] {
    return subjects.flatMap(({ observations, conditions }): LabelledRow[] => {
      const value = observations?.[0]?.value;
      if (value === undefined) return [];
      const clipped = Math.min(Math.max(value, 4), 12);
      return [{ x: [(clipped - 8) / 4 / Math.SQRT2, 1 / Math.SQRT2], label: conditions?.length ? 1 : -1 }];
    });
  }

  it("is the regularised optimum plus the stated noise", () => {
    const optimum = descend(scaledByHand(people), 2, 30);
    const result = train(people, {}, seededRandom("weights"));
    // λ = 0.1 · 300 = 30: Δ = ⌈1.414214·(1 + 2⁻¹⁸)·2²⁰ ÷ 30⌉ + 2 = 49,431 + 2 steps.
    expect(result.noise.scale).toEqual({ numerator: "49433", denominator: "1" });
    // √2 · 49,433 ÷ 2²⁰ = 0.0667
    expect(result.noise.standardDeviation).toBeCloseTo(0.0667, 4);
    result.coefficients.forEach(({ weight }, i) =>
      expect(Math.abs(weight - optimum[i]!)).toBeLessThan(8 * 0.0667),
    );
    expect(result.coefficients.some(({ weight }, i) => Math.abs(weight - optimum[i]!) > 1e-4)).toBe(true);
  });

  it("scatters by the stated standard deviation", () => {
    const random = seededRandom("scatter");
    const optimum = descend(scaledByHand(people), 2, 30);
    const checked = v.parse(logisticRegression.schema, parameters);
    const rows = buildTable(people.map(bundleOf), logisticRegression.columns(checked));
    const once = () => logisticRegression.run(rows, checked, { cohortSize: 300, random }).weights;
    const errors = Array.from({ length: 150 }, once).flatMap((weights) =>
      weights.map((w, i) => w - optimum[i]!),
    );
    const deviation = Math.sqrt(errors.reduce((sum, each) => sum + each * each, 0) / errors.length);
    // Laplace kurtosis 6: relative standard error of the deviation ≈ ½·√(5 ÷ 300) = 6.5 %; 4 of them.
    expect(Math.abs(deviation / 0.0667 - 1)).toBeLessThan(0.26);
  });

  it("clips to the declared bounds, and ignores who lacks a value or is filtered out", () => {
    const sharp = {
      epsilon: { numerator: 10, denominator: 1 },
      regularisation: { numerator: 10, denominator: 1 },
    };
    const outliers = people.map((each, i) =>
      i % 2 ? each : { ...each, observations: [{ loinc: "4548-4", value: 900, unit: "%" }] },
    );
    const check = (subjects: readonly TestSubject[], used: readonly TestSubject[], more: object = {}) => {
      const optimum = descend(scaledByHand(used), 2, 10 * subjects.length);
      train(subjects, { ...sharp, ...more }, seededRandom("sharp")).coefficients.forEach(
        ({ weight }, i) => expect(Math.abs(weight - optimum[i]!)).toBeLessThan(0.002), // Δ ÷ ε ≈ 50 steps ≈ 0.00005
      );
    };
    check(outliers, outliers);
    const halfEmpty = people.map((each, i) => (i % 3 ? each : { conditions: each.conditions }));
    check(halfEmpty, halfEmpty);
    const women = people.map((each, i) => ({ ...each, gender: i % 4 ? "female" : "male" }));
    check(
      women,
      women.filter((each) => each.gender === "female"),
      { filter: [{ kind: "sex", sex: "female" }] },
    );
  });

  it("takes a threshold on a numeric column as label", () => {
    const subjects = people.map((each, i) => ({
      observations: [
        ...each.observations!,
        { loinc: "8480-6", value: i % 30 > 12 ? 140 : 139, unit: "mm[Hg]" },
      ],
    }));
    const label = { kind: "threshold", column: "systolic-blood-pressure", atLeast: 140 };
    const byThreshold = train(subjects, { label }, seededRandom("label"));
    expect(byThreshold.coefficients).toEqual(train(people, {}, seededRandom("label")).coefficients);
    expect(byThreshold.metadata.label).toEqual({ ...label, unit: "mm[Hg]" });
  });
});
