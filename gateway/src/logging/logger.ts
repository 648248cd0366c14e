import pino, { type DestinationStream, type Logger } from "pino";
import type { Environment } from "../config/environment.ts";
import { describeError } from "./describe-error.ts";
import { redactor } from "./redact.ts";

/**
 * The gateway's log: one JSON object a line. Nothing in it is personal and nothing opens anything. What is logged is chosen
 * at each place; errors go through {@link describeError}; and each line is looked at once more before it is written.
 *
 * @param to where it goes; standard output unless told otherwise
 */
export function createLogger(
  environment: Pick<Environment, "name" | "logLevel"> & Partial<Environment>,
  to?: DestinationStream,
): Logger {
  const redact = redactor(secretsOf(environment));
  const options = {
    name: environment.name,
    level: environment.logLevel,
    serializers: { err: describeError, error: describeError },
    hooks: { streamWrite: redact },
  };
  return to ? pino(options, to) : pino(options);
}

/** What the environment holds that nobody else may know. */
function secretsOf({ databaseUrl, s3, rpcUrls = [] }: Partial<Environment>): string[] {
  const addresses = [...(databaseUrl ? [databaseUrl] : []), ...rpcUrls];
  const parts = addresses.flatMap((text) => {
    const { password, search, pathname } = new URL(text);
    // The path of an RPC endpoint often is its key.
    const path = text === databaseUrl ? [] : pathname.split("/").filter((part) => part.length >= 16);
    return [decodeURIComponent(password), password, search.slice(1), ...path];
  });
  return [...addresses, ...parts, ...(s3 ? [s3.secretKey] : [])].filter((secret) => secret !== "");
}
