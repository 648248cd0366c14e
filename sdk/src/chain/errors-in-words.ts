import { BaseError, ContractFunctionRevertedError } from "viem";
import { SalusError } from "../errors.ts";
import { refusalOf } from "./refusal.ts";
import { tokenRefusalIn } from "./token-refusal.ts";

/** What viem threw, in words; see `explainRevert`. */
export function inWords(error: unknown): SalusError {
  const reverted = walk(error, ContractFunctionRevertedError);
  // A token's refusal is in no ABI of the contract that was called.
  const refusal = reverted?.data ?? (reverted?.raw ? tokenRefusalIn(reverted.raw) : undefined);
  const name = refusal?.errorName;
  if (name && name !== "Error" && name !== "Panic") return refusalOf(name, refusal.args ?? [], error);
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

function walk<T extends Error>(error: unknown, type: abstract new (...args: never[]) => T): T | undefined {
  const found = error instanceof BaseError ? error.walk((cause) => cause instanceof type) : undefined;
  return found instanceof type ? found : undefined;
}
