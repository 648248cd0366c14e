/** The one table of errors of this part. The hint is what the caller does next. */
export const COMPUTE_ERRORS = {
  COMPUTE_BadJob: "Compare the job with the parameter schema of its analysis and send it again.",
  COMPUTE_UnknownAnalysis: "Choose an analysis and a version from the catalogue.",
  COMPUTE_BadView: "Use only select, column, forEach, forEachOrNull, unionAll, where and constant.",
  COMPUTE_BadNumber: "Give a positive rational within the stated limits.",
  COMPUTE_CohortTooSmall: "Choose a dataset version or a purpose that more subjects permit.",
  COMPUTE_TooManyParameters: "Use fewer features, or a larger cohort.",
  COMPUTE_OutputRefused: "Report this job to the custodian: its analysis broke its own result schema.",
  COMPUTE_ResultTooLarge: "Ask for fewer bins or features.",
  COMPUTE_SolverFailed: "Raise the regularisation or narrow the feature bounds, then run again.",
  COMPUTE_BadModel: "Use a model that was published as the output of a training job.",
  COMPUTE_BadFeatures: "Send each feature of the model once, in the model's unit and within its bounds.",
  COMPUTE_BadMessage: "Send one complete message in the documented framing.",
  COMPUTE_MessageTooLarge: "Send a smaller cohort or a smaller model, or raise the input limit.",
  COMPUTE_Timeout: "Send a smaller job, or raise the time limit.",
  COMPUTE_SandboxFailed: "Run the job again; if it fails again, look at memory and the output limit.",
  COMPUTE_IsolationUnavailable: "Run the gateway on Linux with Node 24 and permission to start processes.",
} as const;

export type ComputeErrorCode = keyof typeof COMPUTE_ERRORS;

/** What may cross a process boundary of an error: never a stack, a key or a data value. */
export interface ComputeFailure {
  readonly code: ComputeErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** An error of this part: `code` names the cause, `message` what happened, `hint` the remedy. */
export class ComputeError extends Error {
  readonly code: ComputeErrorCode;
  readonly hint: string;

  constructor(code: ComputeErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ComputeError";
    this.code = code;
    this.hint = options.hint ?? COMPUTE_ERRORS[code];
  }

  /** The part of the error that may leave a sandbox. */
  toFailure(): ComputeFailure {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Rebuilds an error that crossed a process boundary. */
export function fromFailure(failure: ComputeFailure): ComputeError {
  return new ComputeError(failure.code, failure.message, { hint: failure.hint });
}

export function isComputeErrorCode(code: unknown): code is ComputeErrorCode {
  return typeof code === "string" && Object.hasOwn(COMPUTE_ERRORS, code);
}
