import { describe, expect, it } from "vitest";
import type { JobResult } from "../gate/results.ts";
import { runJob } from "../job/run.ts";
import type { RandomSource } from "../random/source.ts";
import { seededRandom } from "../random/seeded.fixture.ts";
import { bundleOf, type TestSubject } from "../tables/bundles.fixture.ts";

/** ε = 10 leaves noise of scale 1/10: P(noise ≠ 0) ≈ 9·10⁻⁵, so a fixed seed gives the exact answer. */
const sharp = { numerator: 10, denominator: 1 };

function run<Kind extends JobResult["kind"]>(
  kind: Kind,
  analysis: string,
  parameters: object,
  subjects: readonly TestSubject[],
  random: RandomSource = seededRandom("analyses"),
): Extract<JobResult, { kind: Kind }> {
  const result = runJob(
    { analysis, version: 1, tables: "fhir-r4/1", parameters },
    subjects.map(bundleOf),
    random,
  );
  if (result.kind !== kind) throw new Error(`got ${result.kind}`);
  return result as Extract<JobResult, { kind: Kind }>;
}

function times(count: number, subject: TestSubject): TestSubject[] {
  return Array.from({ length: count }, () => subject);
}

function hba1c(value: number): TestSubject {
  return { observations: [{ loinc: "4548-4", value, unit: "%" }] };
}

describe("count", () => {
  const people = [
    ...times(20, { gender: "female", birthDate: "1960-12-31", conditions: ["E11.9"] }),
    ...times(30, { gender: "male", birthDate: "1960-01-01", conditions: ["E11.9", "I10"] }),
    ...times(40, { gender: "male", birthDate: "1990-01-01", conditions: ["I10"] }),
    ...times(5, {}),
  ];
  const condition = { kind: "condition", system: "icd-10-cm", code: "E11" };
  const male = { kind: "sex", sex: "male" };
  const age = (from: number, to: number) => ({ kind: "age", from, to, inYear: 2025 });

  it.each([
    ["everyone", [], 95],
    ["a condition", [condition], 50],
    ["a sex", [male], 70],
    ["both", [condition, male], 30],
    ["an age range, both ends included", [age(65, 65)], 50],
    ["an age range that ends below", [age(36, 64)], null],
    ["an age range that starts at the younger", [age(35, 64)], 40],
    ["nobody", [condition, age(0, 40)], null],
  ])("counts %s", (_name, filter, expected) => {
    expect(run("count", "count", { filter, epsilon: sharp }, people).value).toBe(expected);
  });

  it("adds noise of scale 1 ÷ ε", () => {
    const random = seededRandom("noise");
    const epsilon = { numerator: 1, denominator: 2 };
    const errors = Array.from({ length: 600 }, () =>
      run("count", "count", { filter: [], epsilon }, times(60, {}), random),
    ).map((each) => (each.value ?? 0) - 60);
    // Discrete Laplace of scale 2: q = e^(−1/2); E|x| = 2q ÷ (1 − q²) = 1.919; standard deviation = √(2q) ÷ (1 − q) = 2.799.
    const meanMagnitude = errors.reduce((sum, each) => sum + Math.abs(each), 0) / errors.length;
    expect(Math.abs(meanMagnitude - 1.919)).toBeLessThan(0.35); // 4 standard errors: 4 · 2.04 ÷ √600
    const { noise } = run("count", "count", { filter: [], epsilon }, times(60, {}));
    expect(noise).toEqual({
      distribution: "discrete-laplace",
      scale: { numerator: "2", denominator: "1" },
      standardDeviation: 2.8,
    });
  });
});

describe("histogram", () => {
  const parameters = { column: "hba1c", edges: [5, 6, 7, 8], filter: [], epsilon: sharp };

  it("puts each subject's latest value in one bin, edges as documented", () => {
    const people = [
      ...times(11, hba1c(4.9)),
      ...times(12, hba1c(5)),
      ...times(13, hba1c(5.9)),
      ...times(14, hba1c(6)),
      ...times(15, hba1c(7.5)),
      ...times(16, hba1c(8)),
      ...times(17, hba1c(8.1)),
      ...times(50, {}),
      ...times(50, { observations: [{ loinc: "4548-4", value: 50, unit: "mmol/mol" }] }),
    ];
    expect(run("histogram", "histogram", parameters, people)).toMatchObject({
      title: "Haemoglobin A1c",
      unit: "%",
      edges: [5, 6, 7, 8],
      cells: [25, 14, 31],
      under: 11,
      over: 17,
      cohortSize: 198,
      minimumCell: 10,
    });
  });

  it("hides cells below the minimum, after the noise", () => {
    const people = [...times(9, hba1c(5.5)), ...times(10, hba1c(6.5)), ...times(9, hba1c(20))];
    const result = run("histogram", "histogram", parameters, people);
    expect(result.cells).toEqual([null, 10, null]);
    expect([result.under, result.over]).toEqual([null, null]);
  });

  it("counts only who matches the filter", () => {
    const filter = [{ kind: "sex", sex: "female" }];
    const people = [
      ...times(20, { ...hba1c(5.5), gender: "female" }),
      ...times(30, { ...hba1c(5.5), gender: "male" }),
    ];
    expect(run("histogram", "histogram", { ...parameters, filter }, people).cells).toEqual([20, null, null]);
  });

  it("changes by at most one in one cell when one subject's record is emptied", () => {
    // The same random bytes on both sides show the sensitivity itself.
    const people = Array.from({ length: 60 }, (_, i) => ({
      observations: [5.5, 6.5, 7.5, 9].map((value, j) => ({
        loinc: "4548-4",
        value,
        unit: "%",
        at: `202${(i + j) % 4}-01-01`,
      })),
    }));
    const epsilon = { numerator: 1, denominator: 1 };
    const all = (subjects: readonly TestSubject[]) => {
      const { cells, under, over } = run(
        "histogram",
        "histogram",
        { ...parameters, epsilon },
        subjects,
        seededRandom("same"),
      );
      return [under, ...cells, over].map((each) => each ?? 0);
    };
    const full = all(people);
    const without = all([{}, ...people.slice(1)]);
    const distance = full.reduce((sum, each, i) => sum + Math.abs(each - without[i]!), 0);
    expect(distance).toBe(1);
  });
});
