import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { COMPUTE_ERRORS, ComputeError, fromFailure, type ComputeErrorCode } from "../errors.ts";
import { parseResult } from "../gate/gate.ts";
import type { JobResult } from "../gate/results.ts";
import { DEFAULT_POLICY, type OutputPolicy } from "../job/policy.ts";
import type { JobSpec } from "../job/spec.ts";
import { predictionSchema, type NamedFeatures, type PredictionResult } from "../onnx/run-model.ts";
import { decodeMessage, encodeMessage, messageSize, type Message } from "./framing.ts";
import { spawnIsolated, type Isolation, type SandboxLimits } from "./spawn.ts";

export type { Isolation, SandboxLimits } from "./spawn.ts";

/** A job over the cohort's decrypted records: UTF-8 JSON of one FHIR Bundle each. */
export interface JobRequest {
  readonly kind: "job";
  readonly spec: JobSpec;
  readonly records: readonly Uint8Array[];
  readonly policy?: OutputPolicy;
}

/** One prediction of a published model. */
export interface InferenceRequest {
  readonly kind: "inference";
  readonly model: Uint8Array;
  readonly features: NamedFeatures;
}

export interface SandboxOutcome<Result> {
  readonly result: Result;
  readonly isolation: Isolation;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_LIMITS: SandboxLimits = {
  timeoutMs: 60_000,
  memoryMiB: 512,
  maxInputBytes: 512 * MEBIBYTE,
  maxOutputBytes: MEBIBYTE,
};

const ENTRY = fileURLToPath(new URL("child.ts", import.meta.url));

/**
 * Runs one job or one inference in a process of its own: no network, no environment, no files but this part's code,
 * hard limits. Records go in through a pipe and never touch a disk; what comes out is checked again here.
 *
 * Throws the errors of `runJob` and `runModel`, and COMPUTE_MessageTooLarge, COMPUTE_Timeout, COMPUTE_SandboxFailed,
 * COMPUTE_IsolationUnavailable.
 */
export async function runSandboxed(
  request: JobRequest,
  limits?: Partial<SandboxLimits>,
  signal?: AbortSignal,
): Promise<SandboxOutcome<JobResult>>;
export async function runSandboxed(
  request: InferenceRequest,
  limits?: Partial<SandboxLimits>,
  signal?: AbortSignal,
): Promise<SandboxOutcome<PredictionResult>>;
export async function runSandboxed(
  request: JobRequest | InferenceRequest,
  limits: Partial<SandboxLimits> = {},
  signal?: AbortSignal,
): Promise<SandboxOutcome<JobResult | PredictionResult>> {
  const allLimits = { ...DEFAULT_LIMITS, ...limits };
  const message = toMessage(request);
  if (messageSize(message) > allLimits.maxInputBytes) {
    throw new ComputeError(
      "COMPUTE_MessageTooLarge",
      `The input is larger than ${allLimits.maxInputBytes} bytes.`,
    );
  }
  const { stdout, isolation } = await spawnIsolated(ENTRY, encodeMessage(message), allLimits, signal);
  const result = readAnswer(stdout);
  return { result: request.kind === "job" ? parseResult(result) : parsePrediction(result), isolation };
}

function toMessage(request: JobRequest | InferenceRequest): Message {
  if (request.kind === "inference") {
    return { header: { kind: "inference", features: request.features }, parts: [request.model] };
  }
  const { kind, spec, records, policy = DEFAULT_POLICY } = request;
  return { header: { kind, spec, policy }, parts: records };
}

const answerSchema = v.variant("ok", [
  v.strictObject({ ok: v.literal(true), result: v.unknown() }),
  v.strictObject({
    ok: v.literal(false),
    failure: v.strictObject({
      code: v.picklist(Object.keys(COMPUTE_ERRORS) as ComputeErrorCode[]),
      message: v.pipe(v.string(), v.maxLength(500)),
      hint: v.pipe(v.string(), v.maxLength(500)),
    }),
  }),
]);

function readAnswer(stdout: Uint8Array): unknown {
  const parsed = v.safeParse(answerSchema, decodeMessage(stdout).header);
  if (!parsed.success)
    throw new ComputeError("COMPUTE_SandboxFailed", "The answer of the sandbox is not valid.");
  if (parsed.output.ok) return parsed.output.result;
  throw fromFailure(parsed.output.failure);
}

function parsePrediction(input: unknown): PredictionResult {
  const parsed = v.safeParse(predictionSchema, input);
  if (!parsed.success)
    throw new ComputeError("COMPUTE_OutputRefused", "The prediction does not fit its schema.");
  return parsed.output;
}
