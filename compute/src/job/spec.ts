import * as v from "valibot";
import type { Analysis } from "../analyses/analysis.ts";
import { ANALYSES, type AnalysisName, type AnalysisParameters, type Draft } from "../analyses/catalogue.ts";
import { ComputeError } from "../errors.ts";
import { TABLES, type ColumnRef } from "../tables/columns.ts";
import { canonicalJson } from "./canonical-json.ts";

/**
 * What a buyer asks for, complete: the order's job commitment is a hash over a salt and `canonicalJson(spec)`.
 * `tables` names the catalogue of columns, `version` that of the analysis; neither ever changes its meaning.
 */
export type JobSpec = {
  [Name in AnalysisName]: {
    readonly analysis: Name;
    readonly version: 1;
    readonly tables: typeof TABLES;
    readonly parameters: AnalysisParameters[Name];
  };
}[AnalysisName];

const envelope = v.strictObject({
  analysis: v.string(),
  version: v.number(),
  tables: v.literal(TABLES, `must be ${TABLES}`),
  parameters: v.unknown(),
});

/**
 * Checks a job description that came from outside and copies it.
 * Throws COMPUTE_UnknownAnalysis, or COMPUTE_BadJob that names the member and what it must be.
 */
export function parseJobSpec(input: unknown): JobSpec {
  const outer = v.safeParse(envelope, input);
  if (!outer.success) throw badJob(outer.issues[0]);
  const { analysis, version, tables, parameters } = outer.output;
  const known = Object.hasOwn(ANALYSES, analysis) ? ANALYSES[analysis as AnalysisName] : undefined;
  if (known === undefined || known.version !== version) {
    const names = Object.values(ANALYSES).map((each) => `${each.name} ${each.version}`);
    throw new ComputeError("COMPUTE_UnknownAnalysis", `There is no such analysis in the catalogue.`, {
      hint: `Choose one of: ${names.join(", ")}.`,
    });
  }
  const inner = v.safeParse(known.schema as v.GenericSchema, parameters);
  if (!inner.success) throw badJob(inner.issues[0], "parameters");
  return { analysis, version, tables, parameters: inner.output } as JobSpec;
}

function badJob(issue: v.BaseIssue<unknown>, prefix?: string): ComputeError {
  const place = [prefix, v.getDotPath(issue as never)].filter(Boolean).join(".") || "the job";
  const expected = issue.expected === null ? issue.message : `must be ${issue.expected}`;
  const said = issue.kind === "validation" || issue.type === "literal" ? issue.message : expected;
  return new ComputeError("COMPUTE_BadJob", `The job is not valid at ${place}: ${said}.`);
}

/** An analysis with the parameters of one job, the two matched by `parseJobSpec`. */
export function boundAnalysis(spec: JobSpec): { analysis: Analysis<unknown, Draft>; parameters: unknown } {
  return {
    analysis: ANALYSES[spec.analysis] as unknown as Analysis<unknown, Draft>,
    parameters: spec.parameters,
  };
}

/** The columns a job reads of each subject. */
export function columnsOfJob(spec: JobSpec): ColumnRef[] {
  const { analysis, parameters } = boundAnalysis(spec);
  return analysis.columns(parameters);
}

/** The text that the order's job commitment is made of: RFC 8785 canonical JSON of the job. */
export function canonicalJob(spec: JobSpec): string {
  return canonicalJson(spec);
}

/** The text whose hash names the algorithm in a receipt: the analysis, its version and the columns' catalogue. */
export function algorithmId(spec: Pick<JobSpec, "analysis" | "version" | "tables">): string {
  return `salus/analysis/${spec.analysis}/${spec.version}/${spec.tables}`;
}
