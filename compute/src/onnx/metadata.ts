import * as v from "valibot";
import {
  conditionEntries,
  epsilonSchema,
  filterSchema,
  finite,
  regularisationSchema,
} from "../job/schemas.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const modelFeatureSchema = v.strictObject({
  name: text,
  title: text,
  /** UCUM */
  unit: text,
  lower: finite,
  upper: finite,
});

export const labelSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("condition"), ...conditionEntries }),
  v.strictObject({ kind: v.literal("threshold"), column: text, unit: text, atLeast: finite }),
]);

/** What a model says of itself; carried inside the ONNX file as the metadata property `salus`. */
export const modelMetadataSchema = v.strictObject({
  format: v.literal("salus-model/1"),
  /** The algorithm of the training job, as in its receipt. */
  algorithm: text,
  /** In the order of the columns of the graph's input. */
  features: v.pipe(v.array(modelFeatureSchema), v.minLength(1), v.maxLength(32)),
  /** What the probability is of. */
  label: labelSchema,
  filter: filterSchema,
  regularisation: regularisationSchema,
  epsilon: epsilonSchema,
  /** The public number of records in the training cohort. */
  cohortSize: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

export type ModelMetadata = v.InferOutput<typeof modelMetadataSchema>;
export type ModelFeature = v.InferOutput<typeof modelFeatureSchema>;

export const METADATA_KEY = "salus";
