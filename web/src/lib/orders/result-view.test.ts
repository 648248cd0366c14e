import { describe, expect, it } from "vitest";
import { viewResult } from "./result-view.ts";

const common = {
  epsilon: { numerator: 1, denominator: 1 },
  noise: {
    distribution: "discrete-laplace",
    scale: { numerator: "1", denominator: "1" },
    standardDeviation: 1.36,
  },
  minimumCell: 10,
  cohortSize: 99,
};
const noise = { deviation: 1.36, minimum: 10, cohort: 99 };

describe("an opened result", () => {
  it("of a count keeps a number that is too small to show apart from zero", () => {
    expect(viewResult({ kind: "count", value: 42, ...common })).toEqual({ kind: "count", count: 42, noise });
    expect(viewResult({ kind: "count", value: null, ...common })).toEqual({
      kind: "count",
      count: null,
      noise,
    });
  });

  it("of a histogram puts each number between its edges", () => {
    const result = {
      kind: "histogram",
      column: "hba1c",
      title: "Haemoglobin A1c",
      unit: "%",
      edges: [4, 6, 8],
      cells: [31, null],
      under: null,
      over: 12,
      ...common,
    };
    expect(viewResult(result)).toEqual({
      kind: "histogram",
      title: "Haemoglobin A1c",
      unit: "%",
      under: null,
      over: 12,
      noise,
      bins: [
        { from: 4, to: 6, count: 31 },
        { from: 6, to: 8, count: null },
      ],
    });
  });

  it.each([
    ["QQ==", 1],
    ["QUI=", 2],
    ["QUJD", 3],
  ])("of a training tells the size of the file behind %s", (onnx, bytes) => {
    const coefficients = [{ name: "hba1c", title: "Haemoglobin A1c", weight: 0.5 }];
    const metadata = {};
    expect(viewResult({ kind: "model", onnx, metadata, coefficients, ...common })).toEqual({
      kind: "model",
      bytes,
      cohort: 99,
      features: [{ title: "Haemoglobin A1c", weight: 0.5 }],
    });
  });

  it("of a model use names what the probability is of", () => {
    const label = { kind: "condition", system: "icd-10-cm", code: "E11.9" };
    expect(viewResult({ kind: "prediction", probability: 0.37, label })).toMatchObject({ label: "E11.9" });
    const threshold = { kind: "threshold", column: "hba1c", unit: "%", atLeast: 6.5 };
    expect(viewResult({ kind: "prediction", probability: 0.37, label: threshold })).toMatchObject({
      label: "hba1c of 6.5 % or more",
    });
  });

  it.each([undefined, null, 7, "count", {}, { kind: "sum" }])(
    "of an unknown form is refused: %o",
    (result) => {
      expect(() => viewResult(result)).toThrow(expect.objectContaining({ code: "WEB_RESULT_UNKNOWN" }));
    },
  );
});
