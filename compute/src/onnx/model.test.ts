import { describe, expect, it } from "vitest";
import type { LogisticRegressionDraft } from "../analyses/logistic-regression.ts";
import { inspectModel, MAX_MODEL_BYTES } from "./inspect.ts";
import { logisticModel } from "./logistic-model.ts";
import { runModel } from "./run-model.ts";
import { OnnxModel } from "./schema.ts";

const epsilon = { numerator: 1, denominator: 1 };
const draft: LogisticRegressionDraft = {
  kind: "logistic-regression",
  parameters: {
    features: [
      { column: "hba1c", lower: 4, upper: 12 },
      { column: "systolic-blood-pressure", lower: 80, upper: 200 },
    ],
    label: { kind: "condition", system: "icd-10-cm", code: "E11" },
    filter: [],
    regularisation: epsilon,
    epsilon,
  },
  weights: [2.5, -1.25, 0.5],
  epsilon,
  noise: {
    distribution: "discrete-laplace",
    scale: { numerator: "1", denominator: "1" },
    standardDeviation: 1.36,
  },
};
const { bytes, metadata } = logisticModel(draft, 100);

function features(hba1c: unknown, systolic: unknown) {
  return {
    hba1c: { value: hba1c, unit: "%" },
    "systolic-blood-pressure": { value: systolic, unit: "mm[Hg]" },
  };
}

/** The model's message, changed, as bytes. */
function changed(change: (model: any) => void): Uint8Array {
  const model = OnnxModel.toObject(OnnxModel.decode(bytes), { longs: Number });
  change(model);
  return OnnxModel.encode(OnnxModel.fromObject(model)).finish();
}

describe("a trained model", () => {
  // By hand: scaled hba1c = (v − 8) ÷ 4, systolic = (v − 140) ÷ 60, each ÷ √3; the intercept's column is 1 ÷ √3.
  // 8, 140 → 0.5 ÷ √3 = 0.288675 → σ = 0.571672
  // 12, 80 → (2.5 + 1.25 + 0.5) ÷ √3 = 2.453739 → σ = 0.920834
  // 4, 200 → (−2.5 − 1.25 + 0.5) ÷ √3 = −1.876388 → σ = 0.132804
  it.each([
    [8, 140, 0.571672],
    [12, 80, 0.920834],
    [4, 200, 0.132804],
  ])(
    "answers for %d %% and %d mmHg with the sigmoid worked out by hand",
    async (hba1c, systolic, expected) => {
      const { probability, label } = await runModel(bytes, features(hba1c, systolic));
      expect(Math.abs(probability - expected)).toBeLessThan(2e-6);
      expect(label).toEqual(draft.parameters.label);
    },
  );

  it("carries its description and survives inspection unchanged", () => {
    const inspected = inspectModel(bytes);
    expect(inspected.metadata).toEqual(metadata);
    expect(Buffer.from(inspected.bytes).equals(bytes)).toBe(true);
  });

  it.each([
    ["a missing feature", { hba1c: { value: 8, unit: "%" } }, /systolic-blood-pressure is missing/],
    [
      "an unknown feature",
      { ...features(8, 140), shoe: { value: 1, unit: "1" } },
      /knows only hba1c, systolic/,
    ],
    ["another unit", { ...features(8, 140), hba1c: { value: 8, unit: "mmol/mol" } }, /hba1c must be in %/],
    ["a value above its bounds", features(12.1, 140), /hba1c must lie between 4 and 12 %/],
    ["a value below its bounds", features(8, 79), /between 80 and 200 mm\[Hg\]/],
    ["a value that is not a number", features(8, Number.NaN), /finite number/],
    ["a text", features("8", 140), /finite number/],
    ["nothing", undefined, /finite number/],
    [
      "a feature of Object.prototype",
      { ...features(8, 140), constructor: { value: 1, unit: "1" } },
      /knows only/,
    ],
  ])("refuses %s", async (_name, input, message) => {
    await expect(runModel(bytes, input)).rejects.toMatchObject({
      code: "COMPUTE_BadFeatures",
      message: expect.stringMatching(message),
    });
  });
});

describe("inspectModel", () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ["bytes that are not a model", () => Uint8Array.of(255, 255, 255), /not an ONNX file/],
    ["an empty file", () => new Uint8Array(0), /cannot be used/],
    ["a file that is too large", () => new Uint8Array(MAX_MODEL_BYTES + 1), /larger than/],
    ["another operator", () => changed((m) => (m.graph.node[0].opType = "If")), /operators go beyond/],
    [
      "an operator of another domain",
      () => changed((m) => (m.graph.node[0].domain = "com.evil")),
      /operators go beyond/,
    ],
    [
      "another operator set",
      () => changed((m) => m.opsetImport.push({ domain: "com.evil", version: 1 })),
      /another domain/,
    ],
    [
      "an attribute",
      () => changed((m) => (m.graph.node[0].attribute = [Uint8Array.of(10, 1, 97)])),
      /attributes/,
    ],
    ["a function", () => changed((m) => (m.functions = [Uint8Array.of(10, 1, 97)])), /functions/],
    ["external data", () => changed((m) => (m.graph.initializer[0].dataLocation = 1)), /outside the file/],
    [
      "a path to external data",
      () =>
        changed((m) => (m.graph.initializer[0].externalData = [{ key: "location", value: "/etc/passwd" }])),
      /outside the file/,
    ],
    [
      "a tensor that lies about its size",
      () => changed((m) => (m.graph.initializer[0].dims = [4096, 4096])),
      /do not fit its size/,
    ],
    [
      "a tensor of another type",
      () => changed((m) => (m.graph.initializer[0].dataType = 8)),
      /32-bit floats/,
    ],
    ["a second input", () => changed((m) => m.graph.input.push(m.graph.input[0])), /input does not fit/],
    ["no description", () => changed((m) => (m.metadataProps = [])), /no metadata/],
    ["a description that is not JSON", () => changed((m) => (m.metadataProps[0].value = "{")), /not JSON/],
    [
      "a description of something else",
      () => changed((m) => (m.metadataProps[0].value = "{}")),
      /not valid at/,
    ],
    [
      "too many operators",
      () => changed((m) => (m.graph.node = Array(65).fill(m.graph.node[0]))),
      /more than 64/,
    ],
  ])("refuses %s", (_name, make, message) => {
    expect(() => inspectModel(make())).toThrow(message);
  });

  it("drops members that it does not know before anything runs them", () => {
    const graphAttribute = Buffer.from("a20603616263", "hex"); // field 100 of the model, length 3, "abc"
    const padded = Buffer.concat([bytes, graphAttribute]);
    expect(Buffer.from(inspectModel(padded).bytes).equals(bytes)).toBe(true);
  });

  it("reports a model that passes inspection but does not run", async () => {
    const broken = changed((m) => (m.graph.node[3].input = ["nowhere"]));
    await expect(runModel(broken, features(8, 140))).rejects.toMatchObject({ code: "COMPUTE_BadModel" });
  });
});
