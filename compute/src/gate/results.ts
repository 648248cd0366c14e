/** The typed results: the only shapes in which anything leaves a computation. All members are plain JSON. */
import * as v from "valibot";
import { epsilonSchema, finite } from "../job/schemas.ts";
import { modelMetadataSchema } from "../onnx/metadata.ts";

const text = v.pipe(v.string(), v.maxLength(200));
const wholeNumber = v.pipe(v.number(), v.safeInteger());
/** A noised count; null when it lies below the minimum cell. */
const cell = v.nullable(wholeNumber);
const decimalInteger = v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,79}$/));

const noise = v.strictObject({
  distribution: v.literal("discrete-laplace"),
  scale: v.strictObject({ numerator: decimalInteger, denominator: decimalInteger }),
  standardDeviation: v.pipe(finite, v.minValue(0)),
});

const common = {
  epsilon: epsilonSchema,
  noise,
  minimumCell: wholeNumber,
  /** The public number of records in the cohort, before any selection. */
  cohortSize: wholeNumber,
};

export const countResultSchema = v.strictObject({ kind: v.literal("count"), value: cell, ...common });

export const histogramResultSchema = v.strictObject({
  kind: v.literal("histogram"),
  column: text,
  title: text,
  unit: text,
  edges: v.pipe(v.array(finite), v.minLength(3), v.maxLength(51)),
  cells: v.pipe(v.array(cell), v.minLength(2), v.maxLength(50)),
  under: cell,
  over: cell,
  ...common,
});

export const modelResultSchema = v.strictObject({
  kind: v.literal("model"),
  /** The ONNX file, base64. */
  onnx: v.pipe(v.string(), v.base64()),
  metadata: modelMetadataSchema,
  /** The noised weights on features scaled to [−1, 1]; the intercept last. */
  coefficients: v.pipe(v.array(v.strictObject({ name: text, title: text, weight: finite })), v.maxLength(33)),
  ...common,
});

export const jobResultSchema = v.variant("kind", [
  countResultSchema,
  histogramResultSchema,
  modelResultSchema,
]);

export type CountResult = v.InferOutput<typeof countResultSchema>;
export type HistogramResult = v.InferOutput<typeof histogramResultSchema>;
export type ModelResult = v.InferOutput<typeof modelResultSchema>;
export type JobResult = v.InferOutput<typeof jobResultSchema>;
export type NoisedCell = number | null;
