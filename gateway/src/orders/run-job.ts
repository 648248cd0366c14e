import { randomBytes } from "node:crypto";
import type { Hex } from "viem";
import { ComputeError, MINIMUM_CELL, type JobResult } from "@salus/compute/index";
import { runSandboxed } from "@salus/compute/sandbox/run";
import { sealToRecipient, sha256, toHex } from "@salus/sdk/crypto/index";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { commitOutput } from "@salus/sdk/gateway/commitments";
import type { ResultEnvelope } from "@salus/sdk/gateway/open-result";
import { OrderKind } from "@salus/sdk/generated/constants";
import { canonicalJson, type Json } from "@salus/sdk/records/canonical-json";
import type { Cohort } from "@salus/sdk/cohort/compute-cohort";
import type { Context } from "../context.ts";
import type { OutcomeRow } from "../database/schema.ts";
import { reached } from "../durable/steps.ts";
import { openInput } from "./accept-job.ts";
import { ExecutionError, FAILURE_REASONS } from "./execution-error.ts";
import type { Job } from "./job-of.ts";
import { modelDigestOf } from "./order-facts.ts";
import { orderOf, type OrderRow } from "./order-rows.ts";

/** Jobs that run at the same time: one leaves a small machine responsive. */
let running: Promise<unknown> = Promise.resolve();

/**
 * Runs an order's job over opened records (or its model over the sealed input) in the sandbox, seals the result to the
 * buyer and stores it. A download runs nothing: its result names the cohort's records.
 *
 * @throws ExecutionError
 */
export async function runOrderJob(
  context: Context,
  row: OrderRow,
  job: Job,
  run: { cohort?: Cohort; records: readonly Uint8Array[]; manifestCid?: string },
): Promise<OutcomeRow> {
  const next = running.then(() => produce(context, row, job, run));
  running = next.catch(() => undefined);
  const result = await next;
  return sealOutcome(context, row, result, run.cohort);
}

type Produced = { result: unknown; digest: Hex };

async function produce(
  context: Context,
  row: OrderRow,
  job: Job,
  run: { cohort?: Cohort; records: readonly Uint8Array[]; manifestCid?: string },
): Promise<Produced> {
  const order = orderOf(row);
  context.metrics.running.inc();
  try {
    if (order.kind === OrderKind.Download) return listRecords(run.cohort!, run.manifestCid!);
    if (order.kind === OrderKind.ModelUse) return await predict(context, row);
    const { result } = await runSandboxed(
      { kind: "job", spec: job.spec!, records: run.records },
      {},
      context.stopping,
    );
    return { result, digest: digestOfResult(result) };
  } catch (error) {
    throw asExecutionError(error);
  } finally {
    context.metrics.running.dec();
  }
}

async function predict(context: Context, row: OrderRow): Promise<Produced> {
  const digest = (await modelDigestOf(context, orderOf(row)))!;
  const model = await context.blobs.get(digest);
  const { features } = await openInput(context, row.id, new Uint8Array(row.sealed_input!));
  const { result } = await runSandboxed({ kind: "inference", model, features }, {}, context.stopping);
  return { result, digest: jsonDigest(result) };
}

function listRecords(cohort: Cohort, manifest: string): Produced {
  const recordIds = cohort.records.map(({ recordId }) => recordId);
  if (recordIds.length === 0) throw cohortTooSmall(0);
  const result = { kind: "download", manifest, recordIds };
  return { result, digest: jsonDigest(result) };
}

/** What the receipt's output commits to: a model's file for a training, else the result's canonical JSON. */
function digestOfResult(result: JobResult): Hex {
  return result.kind === "model" ? toHex(sha256(fromBase64(result.onnx))) : jsonDigest(result);
}

function jsonDigest(result: unknown): Hex {
  return toHex(sha256(new TextEncoder().encode(canonicalJson(result as Json))));
}

async function sealOutcome(
  context: Context,
  row: OrderRow,
  { result, digest }: Produced,
  cohort: Cohort | undefined,
): Promise<OutcomeRow> {
  const { recipientKey } = orderOf(row);
  const { chainId, contracts } = context.deployment;
  const outputSalt: Hex = `0x${randomBytes(32).toString("hex")}`;
  const envelope: ResultEnvelope = {
    format: "salus-result",
    formatVersion: 1,
    order: row.id,
    result,
    outputDigest: digest,
    outputSalt,
  };
  const sealed = await sealToRecipient({
    recipientPublicKey: recipientKey,
    context: { chainId, escrow: contracts.AccessEscrow, orderId: row.id, purpose: "result" },
    plaintext: new TextEncoder().encode(JSON.stringify(envelope)),
  });
  const stored = await context.results.put(sealed);
  reached("job.result");
  return {
    inputRoot: cohort?.inputRoot ?? `0x${"00".repeat(32)}`,
    cohort: cohort?.records.length ?? 0,
    result: stored,
    output: commitOutput(outputSalt, digest),
  };
}

/** Faults of the machine may pass; what the job itself cannot do, it never will. */
const PASSING: readonly string[] = [
  "COMPUTE_SandboxFailed",
  "COMPUTE_Timeout",
  "COMPUTE_IsolationUnavailable",
];

function asExecutionError(error: unknown): unknown {
  if (!(error instanceof ComputeError)) return error;
  const { code, message, hint } = error;
  const next = PASSING.includes(code) ? "retry" : "fail";
  const reason =
    code === "COMPUTE_CohortTooSmall" ? FAILURE_REASONS.cohortTooSmall : FAILURE_REASONS.jobFailed;
  return new ExecutionError(next, reason, { code, message, hint }, error);
}

function cohortTooSmall(size: number): ExecutionError {
  return new ExecutionError("fail", FAILURE_REASONS.cohortTooSmall, {
    code: "GATEWAY_COHORT_TOO_SMALL",
    message: `${size} subjects permit this order; at least ${MINIMUM_CELL} are needed.`,
    hint: "Choose a dataset version or a purpose that more subjects permit.",
  });
}
