import { boundAnalysis, type JobSpec } from "./spec.ts";

const NANO = 1_000_000_000n;

/**
 * The zCDP cost ρ of one run in units of 10⁻⁹, rounded up, from the job alone: every gateway computes the same.
 * Pure ε-differential privacy is (ε² ÷ 2)-zCDP (Bun and Steinke, "Concentrated Differential Privacy", TCC 2016,
 * Proposition 1.4).
 */
export function privacyCost(spec: JobSpec): bigint {
  const { analysis, parameters } = boundAnalysis(spec);
  const { numerator, denominator } = analysis.epsilon(parameters);
  const divisor = 2n * BigInt(denominator) ** 2n;
  return (NANO * BigInt(numerator) ** 2n + divisor - 1n) / divisor;
}
