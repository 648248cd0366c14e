import { setTimeout as sleep } from "node:timers/promises";
import { StackError } from "./errors.ts";

/**
 * Polls until `probe` answers true. A probe that throws counts as "not yet"; the last reason goes into the error.
 * @param what said in the error: "PostgreSQL did not answer ..."
 * @param timeoutMs after which STACK_TIMEOUT is thrown
 * @param signal ends the wait at once with its reason
 */
export async function waitUntil(
  what: string,
  probe: () => Promise<boolean>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  let reason: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      if (await probe()) return;
      reason = undefined;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > end) {
      const why = reason instanceof Error ? ` (${reason.message})` : "";
      throw new StackError("STACK_TIMEOUT", `${what} was not ready within ${timeoutMs / 1000} s${why}.`, {
        cause: reason,
      });
    }
    await sleep(100);
  }
}

/** Whether an HTTP GET answers with a status below 400 within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000), redirect: "manual" });
  await response.body?.cancel();
  return response.status < 400;
}
