import { BaseError, ContractFunctionRevertedError } from "viem";
import { SalusError } from "../errors.ts";
import { DataUseReason } from "../generated/constants.ts";
import { explainReason } from "../data-use.ts";
import { contractHints } from "./contract-hints.ts";

/**
 * Turns what viem throws into a SalusError: the contract's own error with its values and what to do next, or
 * `SDK_CHAIN_UNREACHABLE` / `SDK_CHAIN_CALL_FAILED`.
 */
export function explainRevert(error: unknown): SalusError {
  if (error instanceof SalusError) return error;
  const reverted = walk(error, ContractFunctionRevertedError);
  const name = reverted?.data?.errorName;
  if (name && name !== "Error" && name !== "Panic")
    return fromContract(name, reverted.data?.args ?? [], error);
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

function fromContract(name: string, args: readonly unknown[], cause: unknown): SalusError {
  return new SalusError({
    code: name,
    message: `The contract refused: ${describe(name, args)}.`,
    hint: contractHints[name] ?? "Load the current state and try again.",
    details: { args: args.map((arg) => (typeof arg === "bigint" ? arg.toString() : arg)) },
    cause,
  });
}

function describe(name: string, args: readonly unknown[]): string {
  if (name === "AccessEscrow_PurposeNotPermitted") return explainReason(reasonName(Number(args[0])));
  const rule = name
    .slice(name.indexOf("_") + 1)
    .replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  return args.length === 0 ? rule : `${rule} (${args.map(String).join(", ")})`;
}

function reasonName(index: number): keyof typeof DataUseReason {
  const names = Object.keys(DataUseReason) as (keyof typeof DataUseReason)[];
  return names[index] ?? "UnknownUse";
}

function walk<T extends Error>(error: unknown, type: abstract new (...args: never[]) => T): T | undefined {
  const found = error instanceof BaseError ? error.walk((cause) => cause instanceof type) : undefined;
  return found instanceof type ? found : undefined;
}
