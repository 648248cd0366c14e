import type { Epsilon } from "./schemas.ts";

const NANO = 1_000_000_000n;

/**
 * The zCDP cost ρ of an ε-differentially private answer in units of 10⁻⁹, rounded up: pure ε-differential privacy is
 * (ε² ÷ 2)-zCDP (Bun and Steinke, "Concentrated Differential Privacy", TCC 2016, Proposition 1.4).
 */
export function epsilonCost({ numerator, denominator }: Epsilon): bigint {
  const divisor = 2n * BigInt(denominator) ** 2n;
  return (NANO * BigInt(numerator) ** 2n + divisor - 1n) / divisor;
}
