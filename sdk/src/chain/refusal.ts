import { explainReason } from "../data-use.ts";
import { SalusError } from "../errors.ts";
import { DataUseReason } from "../generated/constants.ts";
import { contractHints } from "./contract-hints.ts";

/** A contract's own error in words, with its values and what to do next. */
export function refusalOf(name: string, args: readonly unknown[], cause: unknown): SalusError {
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
    .replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  return args.length === 0 ? rule : `${rule} (${args.map(String).join(", ")})`;
}

function reasonName(index: number): keyof typeof DataUseReason {
  const names = Object.keys(DataUseReason) as (keyof typeof DataUseReason)[];
  return names[index] ?? "UnknownUse";
}
