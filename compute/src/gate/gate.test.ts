import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../job/policy.ts";
import { parseJobSpec } from "../job/spec.ts";
import { runJob } from "../job/run.ts";
import { seededRandom } from "../random/seeded.fixture.ts";
import { admitJob, parseResult, releaseResult } from "./gate.ts";

const epsilon = { numerator: 1, denominator: 1 };
const noise = {
  distribution: "discrete-laplace",
  scale: { numerator: "1", denominator: "1" },
  standardDeviation: 1.36,
} as const;
const countJob = parseJobSpec({
  analysis: "count",
  version: 1,
  tables: "fhir-r4/1",
  parameters: { filter: [], epsilon },
});

function trainingJob(features: number) {
  const columns = ["hba1c", "glucose", "creatinine", "haemoglobin", "body-weight"].slice(0, features);
  return parseJobSpec({
    analysis: "logistic-regression",
    version: 1,
    tables: "fhir-r4/1",
    parameters: {
      features: columns.map((column) => ({ column, lower: 0, upper: 100 })),
      label: { kind: "condition", system: "icd-10-cm", code: "E11" },
      filter: [],
      regularisation: epsilon,
      epsilon,
    },
  });
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe("admitJob", () => {
  it("refuses a cohort below the minimum and passes one at it", () => {
    expect(thrownBy(() => admitJob(countJob, 9, DEFAULT_POLICY))).toMatchObject({
      code: "COMPUTE_CohortTooSmall",
    });
    expect(() => admitJob(countJob, 10, DEFAULT_POLICY)).not.toThrow();
    expect(thrownBy(() => admitJob(countJob, 24, { minimumCell: 25 }))).toMatchObject({
      code: "COMPUTE_CohortTooSmall",
    });
  });

  it("lets nobody lower the minimum cell", () => {
    expect(thrownBy(() => admitJob(countJob, 100, { minimumCell: 9 }))).toMatchObject({
      code: "COMPUTE_BadJob",
    });
  });

  it("allows at most 0.33 parameters per row and says what would pass", () => {
    // 5 features + intercept = 6 parameters; 0.33 · 18 = 5.94 < 6 ≤ 6.27 = 0.33 · 19
    expect(() => admitJob(trainingJob(5), 19, DEFAULT_POLICY)).not.toThrow();
    expect(thrownBy(() => admitJob(trainingJob(5), 18, DEFAULT_POLICY))).toMatchObject({
      code: "COMPUTE_TooManyParameters",
      hint: "Use at most 4 features, or a cohort of at least 19 subjects.",
    });
  });
});

describe("releaseResult", () => {
  const draft = { kind: "count", value: 12, epsilon, noise } as const;

  it("shows a noised count at the minimum and hides one below, negative ones too", () => {
    const value = (noised: number) => {
      const result = releaseResult(countJob, { ...draft, value: noised }, 50, DEFAULT_POLICY);
      return result.kind === "count" ? result.value : undefined;
    };
    expect([value(10), value(9), value(0), value(-3)]).toEqual([10, null, null, null]);
  });

  it.each([
    ["a value that is not whole", { ...draft, value: 12.5 }],
    ["a value that is not a number", { ...draft, value: Number.NaN }],
    ["a draft of an unknown kind", { ...draft, kind: "rows" }],
    ["a noise of unknown kind", { ...draft, noise: { ...noise, distribution: "none" } }],
  ])("refuses %s without repeating it", (_name, bad) => {
    const error = thrownBy(() => releaseResult(countJob, bad as never, 50, DEFAULT_POLICY));
    expect(error).toMatchObject({ code: "COMPUTE_OutputRefused" });
    expect((error as Error).message).not.toMatch(/12/);
  });
});

describe("parseResult", () => {
  const good = { kind: "count", value: 12, epsilon, noise, minimumCell: 10, cohortSize: 50 };
  const bins = {
    kind: "histogram",
    column: "hba1c",
    title: "t",
    unit: "%",
    edges: [1, 2, 3],
    under: null,
    over: null,
  };
  const histogram = { ...good, ...bins, cells: [11, null], value: undefined };
  delete (histogram as { value?: unknown }).value;

  it("accepts a good result", () => {
    expect(parseResult(good)).toEqual(good);
    expect(parseResult(histogram)).toEqual(histogram);
  });

  it.each([
    ["an extra member", { ...good, rows: [1, 2, 3] }],
    ["a cell below the minimum", { ...good, value: 9 }],
    ["a bin below the minimum", { ...histogram, cells: [11, 3] }],
    ["a bin too many", { ...histogram, cells: [11, 11, 11] }],
  ])("refuses %s", (_name, bad) => {
    expect(thrownBy(() => parseResult(bad))).toMatchObject({ code: "COMPUTE_OutputRefused" });
  });

  it("refuses a model whose file says something else than the result, or whose weights left the grid", () => {
    const records = Array.from({ length: 30 }, () => ({ resourceType: "Bundle", entry: [] }));
    const model = runJob(trainingJob(1), records, seededRandom("model"));
    if (model.kind !== "model") throw new Error("not a model");
    expect(parseResult(model)).toEqual(model);
    const other = { ...model, metadata: { ...model.metadata, cohortSize: 31 } };
    expect(thrownBy(() => parseResult(other))).toMatchObject({ code: "COMPUTE_OutputRefused" });
    const offGrid = { ...model, coefficients: model.coefficients.map((each) => ({ ...each, weight: 0.1 })) };
    expect(thrownBy(() => parseResult(offGrid))).toMatchObject({ code: "COMPUTE_OutputRefused" });
  });
});
