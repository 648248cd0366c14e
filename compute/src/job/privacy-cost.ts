import { epsilonCost } from "./epsilon-cost.ts";
import { boundAnalysis, type JobSpec } from "./spec.ts";

/** The zCDP cost ρ of one run in units of 10⁻⁹, from the job alone: every gateway computes the same. */
export function privacyCost(spec: JobSpec): bigint {
  const { analysis, parameters } = boundAnalysis(spec);
  return epsilonCost(analysis.epsilon(parameters));
}
