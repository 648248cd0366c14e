import { admitJob, releaseResult } from "../gate/gate.ts";
import type { JobResult } from "../gate/results.ts";
import type { RandomSource } from "../random/source.ts";
import { buildTable } from "../tables/table.ts";
import { DEFAULT_POLICY, type OutputPolicy } from "./policy.ts";
import { boundAnalysis, columnsOfJob, parseJobSpec } from "./spec.ts";

/**
 * Runs one job over a cohort and returns what the output gate lets out; nothing else of the records leaves.
 *
 * `records` are the cohort's FHIR R4 Bundles, one subject each, in the order of the receipt's input root.
 * Throws COMPUTE_BadJob, COMPUTE_UnknownAnalysis, COMPUTE_CohortTooSmall, COMPUTE_TooManyParameters,
 * COMPUTE_SolverFailed, COMPUTE_OutputRefused, COMPUTE_ResultTooLarge.
 */
export function runJob(
  spec: unknown,
  records: readonly unknown[],
  random: RandomSource,
  policy: OutputPolicy = DEFAULT_POLICY,
): JobResult {
  const job = parseJobSpec(spec);
  const cohortSize = records.length;
  admitJob(job, cohortSize, policy);
  const { analysis, parameters } = boundAnalysis(job);
  const rows = buildTable(records, columnsOfJob(job));
  const draft = analysis.run(rows, parameters, { cohortSize, random });
  return releaseResult(job, draft, cohortSize, policy);
}
