import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { InferenceSession } from "onnxruntime-web";
import * as v from "valibot";
import { ComputeError } from "../errors.ts";
import { finite } from "../job/schemas.ts";
import { inspectModel } from "./inspect.ts";
import { labelSchema, type ModelFeature, type ModelMetadata } from "./metadata.ts";
import { INPUT_NAME, OUTPUT_NAME } from "./schema.ts";

/** One measured value with its UCUM unit. */
export interface FeatureValue {
  readonly value: number;
  readonly unit: string;
}

/** By the name of the feature. */
export type NamedFeatures = Readonly<Record<string, FeatureValue>>;

/** A model's answer for one person: the probability, to 6 decimals, of what the label names. */
export const predictionSchema = v.strictObject({
  kind: v.literal("prediction"),
  probability: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  label: labelSchema,
});
export type PredictionResult = v.InferOutput<typeof predictionSchema>;

const namedFeatures = v.record(v.string(), v.strictObject({ value: finite, unit: v.string() }));

/**
 * Runs a published model on one person's features, in WebAssembly, on one thread, with no network.
 * Throws COMPUTE_BadModel (see `inspectModel`) or COMPUTE_BadFeatures, which names the feature and what it must be
 * and never repeats a value.
 */
export async function runModel(modelBytes: Uint8Array, features: unknown): Promise<PredictionResult> {
  const { metadata, bytes } = inspectModel(modelBytes);
  const row = readFeatures(metadata, features);
  const probability = await infer(bytes, row);
  if (!(probability >= 0 && probability <= 1)) {
    throw new ComputeError("COMPUTE_BadModel", "The model cannot be used: its answer is not a probability.");
  }
  return { kind: "prediction", probability: Math.round(probability * 1e6) / 1e6, label: metadata.label };
}

function readFeatures(metadata: ModelMetadata, input: unknown): number[] {
  const parsed = v.safeParse(namedFeatures, input);
  if (!parsed.success) throw badFeatures("every feature must be a finite number with its unit");
  const given = new Map(Object.entries(parsed.output));
  const row = metadata.features.map((feature) => checkFeature(feature, given.get(feature.name)));
  const known = metadata.features.map((each) => each.name);
  // Of the input itself: the schema's output leaves out names such as "constructor".
  if (Object.keys(input as object).some((name) => !known.includes(name))) {
    throw badFeatures(`the model knows only ${known.join(", ")}`);
  }
  return row;
}

function checkFeature({ name, unit, lower, upper }: ModelFeature, found: FeatureValue | undefined): number {
  if (found === undefined) throw badFeatures(`${name} is missing`);
  if (found.unit !== unit) throw badFeatures(`${name} must be in ${unit}`);
  if (found.value < lower || found.value > upper) {
    throw badFeatures(`${name} must lie between ${lower} and ${upper} ${unit}`);
  }
  return found.value;
}

function badFeatures(why: string): ComputeError {
  return new ComputeError("COMPUTE_BadFeatures", `The features do not fit the model: ${why}.`);
}

async function infer(bytes: Uint8Array, row: readonly number[]): Promise<number> {
  const runtime = await loadRuntime();
  let session: InferenceSession | undefined;
  try {
    session = await runtime.InferenceSession.create(bytes, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "disabled",
    });
    const input = new runtime.Tensor("float32", Float32Array.from(row), [1, row.length]);
    const outputs = await session.run({ [INPUT_NAME]: input });
    return Number(outputs[OUTPUT_NAME]!.data[0]);
  } catch (cause) {
    throw new ComputeError("COMPUTE_BadModel", "The model cannot be used: it does not run.", { cause });
  } finally {
    await session?.release();
  }
}

async function loadRuntime(): Promise<typeof import("onnxruntime-web")> {
  const runtime = await import("onnxruntime-web");
  const file = (name: string) =>
    pathToFileURL(createRequire(import.meta.url).resolve(`onnxruntime-web/${name}`)).href;
  runtime.env.wasm.numThreads = 1;
  // The package's own files, so that nothing is ever fetched.
  runtime.env.wasm.wasmPaths = {
    mjs: file("ort-wasm-simd-threaded.mjs"),
    wasm: file("ort-wasm-simd-threaded.wasm"),
  };
  return runtime;
}
