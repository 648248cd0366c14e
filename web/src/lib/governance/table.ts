import type { ParameterUnit } from "./units.ts";

/** A setting that votes change. */
export interface ParameterRow {
  /** As the index names it: "AccessEscrow.feeBps". */
  id: string;
  contract: string;
  /** View that returns it. */
  getter: string;
  /** Function that sets it, by one argument. */
  setter: string;
  unit: ParameterUnit;
  /** Least and most that its contract accepts. */
  lower: bigint;
  upper: bigint;
  /** What people call it. */
  name: string;
  /** What it does, in a sentence. */
  meaning: string;
  /** What a change of it touches, in a sentence. */
  affects: string;
}

/** Settings that votes change, as their contracts have them. */
export const PARAMETERS: readonly ParameterRow[] = [
  {
    id: "AccessEscrow.feeBps",
    contract: "AccessEscrow",
    getter: "feeBps",
    setter: "setFee",
    unit: "basisPoints",
    lower: 0n,
    upper: 1_000n,
    name: "Protocol fee",
    meaning: "What a buyer pays to the commons on top of the price of an order.",
    affects: "It affects new orders only.",
  },
];
