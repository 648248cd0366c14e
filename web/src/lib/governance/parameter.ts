import type { ParameterUnit } from "@salus/sdk/governance/parameters";

/** A setting that votes change, with its value in force and the bounds of this deployment. */
export interface ParameterView {
  /** As the index names it: "AccessEscrow.feeBps". */
  id: string;
  title: string;
  unit: ParameterUnit;
  /** Decimal digits, an address or a digest. */
  value: string;
  /** Lowest and highest value, both included; null where any is taken. */
  bounds: { least: string; most: string } | null;
  meaning: string;
  affects: string;
  contract: string;
  setter: string;
}
