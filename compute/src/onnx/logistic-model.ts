import type { LogisticRegressionDraft } from "../analyses/logistic-regression.ts";
import { canonicalJson } from "../job/canonical-json.ts";
import { algorithmId } from "../job/spec.ts";
import { numericColumn, TABLES } from "../tables/columns.ts";
import { METADATA_KEY, type ModelMetadata } from "./metadata.ts";
import {
  FLOAT,
  INPUT_NAME,
  OnnxModel,
  OUTPUT_NAME,
  type OnnxModelMessage,
  type OnnxTensor,
  type OnnxValueInfo,
} from "./schema.ts";

export interface LogisticModel {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
  readonly coefficients: { name: string; title: string; weight: number }[];
}

/**
 * The ONNX file of a trained logistic regression. The graph takes features in their own units, clipped to the bounds
 * of training, and scales them itself: Sub (centre) → Mul (scale) → Gemm (weights, intercept) → Sigmoid.
 */
export function logisticModel(draft: LogisticRegressionDraft, cohortSize: number): LogisticModel {
  const { features } = draft.parameters;
  const titles = [
    ...features.map((each) => numericColumn(each.column)),
    { name: "intercept", title: "Intercept" },
  ];
  const metadata = metadataOf(draft, cohortSize);
  return {
    bytes: encode(draft, metadata),
    metadata,
    coefficients: titles.map(({ name, title }, i) => ({ name, title, weight: draft.weights[i]! })),
  };
}

function metadataOf({ parameters }: LogisticRegressionDraft, cohortSize: number): ModelMetadata {
  const { label, filter, regularisation, epsilon } = parameters;
  return {
    format: "salus-model/1",
    algorithm: algorithmId({ analysis: "logistic-regression", version: 1, tables: TABLES }),
    features: parameters.features.map(({ column, lower, upper }) => {
      const { name, title, unit } = numericColumn(column);
      return { name, title, unit, lower, upper };
    }),
    label: label.kind === "condition" ? label : { ...label, unit: numericColumn(label.column).unit },
    filter,
    regularisation,
    epsilon,
    cohortSize,
  };
}

function encode(draft: LogisticRegressionDraft, metadata: ModelMetadata): Uint8Array {
  const { features } = draft.parameters;
  const root = Math.sqrt(features.length + 1);
  const centre = features.map(({ lower, upper }) => (lower + upper) / 2);
  const scale = features.map(({ lower, upper }) => 2 / ((upper - lower) * root));
  const model: OnnxModelMessage = {
    irVersion: 8,
    producerName: "salus",
    opsetImport: [{ domain: "", version: 13 }],
    metadataProps: [{ key: METADATA_KEY, value: canonicalJson(metadata) }],
    graph: {
      name: "logistic-regression",
      node: [
        { opType: "Sub", input: [INPUT_NAME, "centre"], output: ["centred"] },
        { opType: "Mul", input: ["centred", "scale"], output: ["scaled"] },
        { opType: "Gemm", input: ["scaled", "weights", "intercept"], output: ["logit"] },
        { opType: "Sigmoid", input: ["logit"], output: [OUTPUT_NAME] },
      ],
      initializer: [
        tensor("centre", [1, features.length], centre),
        tensor("scale", [1, features.length], scale),
        tensor("weights", [features.length, 1], draft.weights.slice(0, -1)),
        tensor("intercept", [1], [draft.weights.at(-1)! / root]),
      ],
      input: [floatMatrix(INPUT_NAME, features.length)],
      output: [floatMatrix(OUTPUT_NAME, 1)],
    },
  };
  return OnnxModel.encode(OnnxModel.fromObject(model)).finish();
}

function tensor(name: string, dims: number[], values: readonly number[]): OnnxTensor {
  const rawData = new Uint8Array(values.length * 4);
  const view = new DataView(rawData.buffer);
  values.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return { name, dims, dataType: FLOAT, rawData };
}

function floatMatrix(name: string, columns: number): OnnxValueInfo {
  return {
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: [{ dimParam: "rows" }, { dimValue: columns }] } } },
  };
}
