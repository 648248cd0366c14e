import { isSalusError } from "@salus/sdk/errors";
import { GatewayError } from "../errors/gateway-error.ts";

/** Runs a check of the SDK; what it finds is the file's fault. @throws GATEWAY_FILE_INVALID */
export function check<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isSalusError(error)) throw error;
    throw new GatewayError("GATEWAY_FILE_INVALID", error.message, { hint: error.hint, cause: error });
  }
}

/** A file that is not as it must be. */
export function invalid(message: string): GatewayError {
  return new GatewayError("GATEWAY_FILE_INVALID", message);
}
