import { describe, expect, it } from "vitest";
import { privacyCost } from "./privacy-cost.ts";
import { algorithmId, canonicalJob, parseJobSpec } from "./spec.ts";

const epsilon = { numerator: 1, denominator: 1 };
const histogram = { column: "hba1c", edges: [4, 6, 8], filter: [], epsilon };
const logistic = {
  features: [{ column: "hba1c", lower: 4, upper: 12 }],
  label: { kind: "condition", system: "icd-10-cm", code: "E11" },
  filter: [],
  regularisation: { numerator: 1, denominator: 10 },
  epsilon,
};

function job(analysis: string, parameters: object, more: object = {}): unknown {
  return { analysis, version: 1, tables: "fhir-r4/1", parameters, ...more };
}

describe("parseJobSpec", () => {
  it("accepts and copies a complete job", () => {
    const spec = job("histogram", histogram);
    expect(parseJobSpec(spec)).toEqual(spec);
  });

  it.each([
    ["another analysis", job("sql", {}), "COMPUTE_UnknownAnalysis", /no such analysis/],
    ["a name of Object.prototype", job("constructor", {}), "COMPUTE_UnknownAnalysis", /no such analysis/],
    ["another version", job("count", {}, { version: 2 }), "COMPUTE_UnknownAnalysis", /no such analysis/],
    ["other tables", job("count", {}, { tables: "csv" }), "COMPUTE_BadJob", /at tables: must be fhir-r4\/1/],
    ["an extra member", job("count", {}, { sql: "SELECT 1" }), "COMPUTE_BadJob", /at sql/],
    ["not an object", "count", "COMPUTE_BadJob", /at the job/],
    [
      "an unknown column",
      job("histogram", { ...histogram, column: "name" }),
      "COMPUTE_BadJob",
      /at parameters\.column/,
    ],
    [
      "one bin",
      job("histogram", { ...histogram, edges: [1, 2] }),
      "COMPUTE_BadJob",
      /at parameters\.edges: must hold at least 3 edges/,
    ],
    [
      "51 bins",
      job("histogram", { ...histogram, edges: Array.from({ length: 52 }, (_, i) => i) }),
      "COMPUTE_BadJob",
      /at most 51 edges/,
    ],
    ["edges that fall", job("histogram", { ...histogram, edges: [1, 3, 2] }), "COMPUTE_BadJob", /must rise/],
    ["an edge twice", job("histogram", { ...histogram, edges: [1, 2, 2] }), "COMPUTE_BadJob", /must rise/],
    [
      "ε of zero",
      job("histogram", { ...histogram, epsilon: { numerator: 0, denominator: 1 } }),
      "COMPUTE_BadJob",
      /epsilon\.numerator/,
    ],
    [
      "ε above 10",
      job("histogram", { ...histogram, epsilon: { numerator: 11, denominator: 1 } }),
      "COMPUTE_BadJob",
      /between 0.01 and 10/,
    ],
    [
      "ε as a float",
      job("histogram", { ...histogram, epsilon: { numerator: 0.5, denominator: 1 } }),
      "COMPUTE_BadJob",
      /epsilon\.numerator/,
    ],
    ["no ε", job("count", { filter: [] }), "COMPUTE_BadJob", /epsilon/],
    ["row vectors", job("count", { filter: [], epsilon, rows: [1, 0] }), "COMPUTE_BadJob", /rows/],
    [
      "a wild code",
      job("count", { filter: [{ kind: "condition", system: "icd-10-cm", code: "." }], epsilon }),
      "COMPUTE_BadJob",
      /code/,
    ],
    [
      "a feature twice",
      job("logistic-regression", { ...logistic, features: [...logistic.features, ...logistic.features] }),
      "COMPUTE_BadJob",
      /each feature once/,
    ],
    [
      "bounds the wrong way",
      job("logistic-regression", { ...logistic, features: [{ column: "hba1c", lower: 12, upper: 4 }] }),
      "COMPUTE_BadJob",
      /lower < upper/,
    ],
    [
      "the label as a feature",
      job("logistic-regression", {
        ...logistic,
        label: { kind: "threshold", column: "hba1c", atLeast: 6.5 },
      }),
      "COMPUTE_BadJob",
      /label as a feature/,
    ],
  ])("refuses %s", (_name, spec, code, message) => {
    const error = (() => {
      try {
        return parseJobSpec(spec);
      } catch (each) {
        return each;
      }
    })();
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((error as { hint: string }).hint).not.toBe("");
  });
});

describe("privacyCost", () => {
  // ρ = ε² ÷ 2: 1 → 0.5; 1/2 → 0.125; 10 → 50; 1/3 → 1/18 = 0.0555…, rounded up.
  it.each([
    [1, 1, 500_000_000n],
    [1, 2, 125_000_000n],
    [10, 1, 50_000_000_000n],
    [1, 3, 55_555_556n],
    [999_999, 1_000_000, 499_999_001n], // 0.4999990000005, rounded up
  ])("of ε = %i/%i is %d nanoRho", (numerator, denominator, cost) => {
    const parameters = { filter: [], epsilon: { numerator, denominator } };
    expect(privacyCost(parseJobSpec(job("count", parameters)))).toBe(cost);
    expect(privacyCost(parseJobSpec(job("histogram", { ...histogram, epsilon: parameters.epsilon })))).toBe(
      cost,
    );
    expect(
      privacyCost(parseJobSpec(job("logistic-regression", { ...logistic, epsilon: parameters.epsilon }))),
    ).toBe(cost);
  });
});

describe("the texts that are hashed", () => {
  it("do not depend on the order of members", () => {
    const spec = parseJobSpec(job("count", { filter: [{ sex: "female", kind: "sex" }], epsilon }));
    expect(canonicalJob(spec)).toBe(
      '{"analysis":"count","parameters":{"epsilon":{"denominator":1,"numerator":1},"filter":[{"kind":"sex","sex":"female"}]},"tables":"fhir-r4/1","version":1}',
    );
    expect(algorithmId(spec)).toBe("salus/analysis/count/1/fhir-r4/1");
  });
});
