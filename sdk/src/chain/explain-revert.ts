import { SalusError } from "../errors.ts";

/**
 * Turns what viem throws into a SalusError: the contract's own error with its values and what to do next, or
 * `SDK_CHAIN_UNREACHABLE` / `SDK_CHAIN_CALL_FAILED`. The words are loaded only when an error is met: pages that merely read
 * need none of them.
 */
export async function explainRevert(error: unknown): Promise<SalusError> {
  if (error instanceof SalusError) return error;
  return (await import("./errors-in-words.ts")).inWords(error);
}
