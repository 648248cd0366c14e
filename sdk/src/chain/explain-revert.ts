import { BaseError, ContractFunctionRevertedError } from "viem";
import { SalusError } from "../errors.ts";

/**
 * Turns what viem throws into a SalusError: the contract's own error with its values and what to do next, or
 * `SDK_CHAIN_UNREACHABLE` / `SDK_CHAIN_CALL_FAILED`. The words for contracts' errors are loaded only when one is met: pages
 * that merely read need none of them.
 */
export async function explainRevert(error: unknown): Promise<SalusError> {
  if (error instanceof SalusError) return error;
  const reverted = walk(error, ContractFunctionRevertedError);
  const refusal = reverted?.data ?? (await tokensRefusal(reverted));
  const name = refusal?.errorName;
  if (name && name !== "Error" && name !== "Panic") {
    const { refusalOf } = await import("./refusal.ts");
    return refusalOf(name, refusal.args ?? [], error);
  }
  const message = error instanceof BaseError ? error.shortMessage : "The call to the chain failed.";
  const unreachable = /fetch failed|HTTP request failed|took too long/i.test(message);
  return new SalusError({
    code: unreachable ? "SDK_CHAIN_UNREACHABLE" : "SDK_CHAIN_CALL_FAILED",
    message,
    hint: unreachable
      ? "Check that the chain's endpoint is running and try again."
      : "Load the current state and try again; if it stays, report it with this message.",
    cause: error,
  });
}

/** A token's refusal, which is in no ABI of the contract that was called. */
async function tokensRefusal(reverted: ContractFunctionRevertedError | undefined) {
  return reverted?.raw ? (await import("./token-refusal.ts")).tokenRefusalIn(reverted.raw) : undefined;
}

function walk<T extends Error>(error: unknown, type: abstract new (...args: never[]) => T): T | undefined {
  const found = error instanceof BaseError ? error.walk((cause) => cause instanceof type) : undefined;
  return found instanceof type ? found : undefined;
}
