import * as v from "valibot";
import type { Draft } from "../analyses/catalogue.ts";
import { WEIGHT_STEP, type LogisticRegressionDraft } from "../analyses/logistic-regression.ts";
import { ComputeError } from "../errors.ts";
import { canonicalJson } from "../job/canonical-json.ts";
import {
  MAX_RESULT_BYTES,
  MINIMUM_CELL,
  PARAMETERS_PERCENT_OF_ROWS,
  type OutputPolicy,
} from "../job/policy.ts";
import { boundAnalysis, type JobSpec } from "../job/spec.ts";
import { inspectModel } from "../onnx/inspect.ts";
import { logisticModel } from "../onnx/logistic-model.ts";
import { jobResultSchema, type JobResult, type ModelResult, type NoisedCell } from "./results.ts";

/**
 * What must hold before a row is read. It looks at the job and at the public size of the cohort only, so a refusal
 * tells nothing about anyone's data.
 */
export function admitJob(spec: JobSpec, cohortSize: number, policy: OutputPolicy): void {
  if (!Number.isInteger(policy.minimumCell) || policy.minimumCell < MINIMUM_CELL) {
    throw new ComputeError(
      "COMPUTE_BadJob",
      `The minimum cell of the policy must be at least ${MINIMUM_CELL}.`,
      {
        hint: "A custodian may raise the minimum cell, never lower it.",
      },
    );
  }
  if (cohortSize < policy.minimumCell) {
    throw new ComputeError(
      "COMPUTE_CohortTooSmall",
      `The cohort has ${cohortSize} subjects; at least ${policy.minimumCell} are needed.`,
    );
  }
  const { analysis, parameters } = boundAnalysis(spec);
  const fitted = analysis.fittedParameters(parameters);
  if (fitted * 100 > PARAMETERS_PERCENT_OF_ROWS * cohortSize) {
    const allowed = Math.floor((PARAMETERS_PERCENT_OF_ROWS * cohortSize) / 100);
    const needed = Math.ceil((fitted * 100) / PARAMETERS_PERCENT_OF_ROWS);
    throw new ComputeError(
      "COMPUTE_TooManyParameters",
      `The model has ${fitted} parameters; a cohort of ${cohortSize} subjects allows ${allowed}.`,
      { hint: `Use at most ${allowed - 1} features, or a cohort of at least ${needed} subjects.` },
    );
  }
}

/**
 * The output gate: the one way out. Turns a noised draft into its typed result, hides cells below the minimum,
 * and refuses what does not fit the result's schema, its grid, or the size cap.
 * Throws COMPUTE_OutputRefused or COMPUTE_ResultTooLarge; neither message holds a value of the draft.
 */
export function releaseResult(
  spec: JobSpec,
  draft: Draft,
  cohortSize: number,
  policy: OutputPolicy,
): JobResult {
  admitJob(spec, cohortSize, policy);
  const result = parseResult(shape(draft, cohortSize, policy));
  const bytes = new TextEncoder().encode(JSON.stringify(result)).length;
  if (bytes > MAX_RESULT_BYTES) {
    throw new ComputeError("COMPUTE_ResultTooLarge", `The result is larger than ${MAX_RESULT_BYTES} bytes.`);
  }
  return result;
}

/** Checks a result against its typed schema and the minimum cell. Used again by whoever receives it. */
export function parseResult(input: unknown): JobResult {
  const parsed = v.safeParse(jobResultSchema, input);
  if (!parsed.success) {
    const place = v.getDotPath(parsed.issues[0]) ?? "the top";
    throw new ComputeError("COMPUTE_OutputRefused", `The result does not fit its schema at ${place}.`);
  }
  const result = parsed.output;
  if (cellsOf(result).some((cell) => cell !== null && cell < result.minimumCell)) {
    throw new ComputeError("COMPUTE_OutputRefused", "The result shows a cell below the minimum.");
  }
  if (result.kind === "model") checkModel(result);
  if (result.kind === "histogram" && result.cells.length !== result.edges.length - 1) {
    throw new ComputeError("COMPUTE_OutputRefused", "The result has another number of cells than bins.");
  }
  return result;
}

/** The file must be one that inference accepts, say of itself what the result says, and carry gridded weights. */
function checkModel({ onnx, metadata, coefficients }: ModelResult): void {
  const inside = inspectModel(Buffer.from(onnx, "base64")).metadata;
  const sameMetadata = canonicalJson(inside) === canonicalJson(metadata);
  const gridded = coefficients.every(({ weight }) => Number.isInteger(weight / WEIGHT_STEP));
  if (!sameMetadata || !gridded || coefficients.length !== metadata.features.length + 1) {
    throw new ComputeError("COMPUTE_OutputRefused", "The model of the result does not fit its description.");
  }
}

function cellsOf(result: JobResult): NoisedCell[] {
  if (result.kind === "count") return [result.value];
  return result.kind === "histogram" ? [...result.cells, result.under, result.over] : [];
}

function shape(draft: Draft, cohortSize: number, { minimumCell }: OutputPolicy): unknown {
  const hide = (value: number): NoisedCell => (value < minimumCell ? null : value);
  const common = { epsilon: draft.epsilon, noise: draft.noise, minimumCell, cohortSize };
  if (draft.kind === "count") return { kind: draft.kind, value: hide(draft.value), ...common };
  if (draft.kind === "logistic-regression") return shapeModel(draft, common, cohortSize);
  if (draft.kind !== "histogram")
    throw new ComputeError("COMPUTE_OutputRefused", "The answer is of no known kind.");
  const { kind, column, title, unit, edges, cells, under, over } = draft;
  return {
    kind,
    column,
    title,
    unit,
    edges,
    cells: cells.map(hide),
    under: hide(under),
    over: hide(over),
    ...common,
  };
}

function shapeModel(draft: LogisticRegressionDraft, common: object, cohortSize: number): unknown {
  const { bytes, metadata, coefficients } = logisticModel(draft, cohortSize);
  return { kind: "model", onnx: Buffer.from(bytes).toString("base64"), metadata, coefficients, ...common };
}
