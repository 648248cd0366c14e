/** What every error of the SDK carries. */
export interface SalusErrorFields {
  /** A stable name, `SDK_…`. */
  code: string;
  /** What happened and why; never a key or a plaintext value. */
  message: string;
  /** What to do next. */
  hint: string;
  /** Values that may be shown, for programs. */
  details?: unknown;
  cause?: unknown;
}

/** An error of the SDK: `code`, `message`, `hint`, and where known `details` and `cause`. */
export class SalusError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly details: unknown;

  constructor(fields: SalusErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "SalusError";
    this.code = fields.code;
    this.hint = fields.hint;
    this.details = fields.details;
  }
}
