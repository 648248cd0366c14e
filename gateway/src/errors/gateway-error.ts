import type { SignedPromise } from "@salus/sdk/log/promise";
import { ERRORS, type GatewayErrorCode } from "./table.ts";

/** The one error class of the gateway: a row of the table with a message of what happened. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: GatewayErrorCode;
  readonly hint: string;
  /** of a refusal: that the decision is in the log */
  readonly promise?: SignedPromise;
  /** seconds after which asking again is worth it */
  readonly retryAfter?: number;

  constructor(
    code: GatewayErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; promise?: SignedPromise; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
    if (options.promise) this.promise = options.promise;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }

  /** HTTP status of the answer. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** True for an error of the gateway, of the given code if one is given. */
export function isGatewayError(error: unknown, code?: GatewayErrorCode): error is GatewayError {
  return error instanceof GatewayError && (code === undefined || error.code === code);
}
