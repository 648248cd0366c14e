import type { FailureRow } from "../database/schema.ts";

/**
 * Why a run did not end in a receipt, sorted by what is done next: a `retry` waits a little and goes on, a `fail` is
 * signed and refunds the buyer.
 */
export class ExecutionError extends Error {
  override readonly name = "ExecutionError";
  readonly next: "retry" | "fail";
  /** code of the gateways' table of failure reasons */
  readonly reason: FailureReason;
  readonly told: FailureRow;

  constructor(next: "retry" | "fail", reason: FailureReason, told: FailureRow, cause?: unknown) {
    super(told.message, cause === undefined ? undefined : { cause });
    this.next = next;
    this.reason = reason;
    this.told = told;
  }
}

/** Codes of a `Failure`, as they stand on chain. */
export const FAILURE_REASONS = {
  /** fewer subjects permit the order than the minimum cell */
  cohortTooSmall: 1,
  /** the job itself cannot be carried out */
  jobFailed: 2,
  /** the cohort changed at every attempt */
  cohortUnstable: 3,
  /** too few gateways gave their key shares or signatures */
  gatewaysMissing: 4,
  /** the policy forbids it now */
  refused: 5,
} as const;

export type FailureReason = (typeof FAILURE_REASONS)[keyof typeof FAILURE_REASONS];

/** The cohort changed between the last decision and the signature; the next look computes it anew. */
export function cohortMoved(cause: Error): ExecutionError {
  const told = {
    code: "GATEWAY_COHORT_UNSTABLE",
    message: cause.message,
    hint: "The gateway tries again by itself.",
  };
  return new ExecutionError("retry", FAILURE_REASONS.cohortUnstable, told, cause);
}

/** Too few other gateways answered; they may be back in a moment. */
export function gatewaysMissing(message: string, cause?: unknown): ExecutionError {
  const told = {
    code: "GATEWAY_PEERS_MISSING",
    message,
    hint: "Order again when more gateways of the dataset's set are running.",
  };
  return new ExecutionError("retry", FAILURE_REASONS.gatewaysMissing, told, cause);
}
