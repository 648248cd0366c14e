import type { Logger } from "pino";

/** The part of `process` that tells of what nobody caught. */
type Crashing = {
  on(event: "uncaughtException" | "unhandledRejection", listener: (error: unknown) => void): unknown;
  exit(code: number): void;
};

/**
 * Ends the process in order when something was thrown that nobody caught: logged like every other error. Node's own way
 * prints the error whole, with all that it quotes.
 */
export function logCrashes(of: Crashing, logger: Pick<Logger, "fatal" | "flush">): void {
  const crash = (error: unknown) => {
    logger.fatal({ err: error }, "crashed");
    logger.flush?.();
    of.exit(1);
  };
  of.on("uncaughtException", crash);
  of.on("unhandledRejection", crash);
}
