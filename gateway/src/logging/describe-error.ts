import { isSalusError } from "@salus/sdk/errors";
import { ComputeError } from "@salus/compute/index";
import { ConfigError } from "../config/config-error.ts";
import { isGatewayError } from "../errors/gateway-error.ts";

/** An error as the log holds it. */
export type DescribedError = {
  type: string;
  code?: string;
  message?: string;
  at?: string[];
  cause?: DescribedError;
};

const MOST_FRAMES = 12;
const DEEPEST_CAUSE = 4;
const FRAME = /^ {4}at .*(:\d+:\d+\)?|\(<anonymous>\)|\(native\))$/;

/**
 * What may be logged of an error: its kind, its code, the lines of code it came from. The message stands there for errors
 * of our own parts, which quote no keys and no records; messages of others quote what they read: a parser its text, a
 * database the row, a client its request and address.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = codeOf(error);
  const at = framesOf(error);
  return {
    type: error.name.slice(0, 80),
    ...(code ? { code } : {}),
    ...(isOurs(error) ? { message: error.message } : {}),
    ...(at.length > 0 ? { at } : {}),
    ...(error.cause instanceof Error && depth < DEEPEST_CAUSE
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

function isOurs(error: Error): boolean {
  return (
    isGatewayError(error) ||
    isSalusError(error) ||
    error instanceof ComputeError ||
    error instanceof ConfigError
  );
}

/** Codes are words of a table: `ECONNREFUSED`, `23505`, `GATEWAY_…`. */
function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[A-Za-z0-9_]{1,80}$/.test(code) ? code : undefined;
}

/** The stack without the message in front of it, whose lines may look like anything. */
function framesOf({ stack = "", message }: Error): string[] {
  const place = message === "" ? -1 : stack.indexOf(message);
  const behind = place === -1 ? stack : stack.slice(place + message.length);
  return behind
    .split("\n")
    .filter((line) => FRAME.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim());
}
