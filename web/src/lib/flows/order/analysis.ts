import { MODES } from "@salus/sdk/generated/constants";
import type { NumericColumnName } from "@salus/compute/tables/columns";
import type { OrderKindName } from "#lib/data/types.ts";

/** Everyone of the cohort, or those with one condition (ICD-10-CM code). */
interface Selection {
  /** Code of a condition; empty for everyone. */
  only: string;
}

/** An analysis as a buyer chooses it. */
export type AnalysisChoice =
  | ({ kind: "count" } & Selection)
  | ({ kind: "histogram"; column: NumericColumnName; from: number; to: number; bins: number } & Selection)
  | { kind: "logistic"; outcome: string; features: NumericColumnName[] }
  | { kind: "download" };

export interface AnalysisOption {
  value: AnalysisChoice["kind"];
  label: string;
  hint: string;
  /** Mode bit that the dataset must permit. */
  mode: bigint;
  order: OrderKindName;
}

/** What can be ordered today. */
export const ANALYSES: readonly AnalysisOption[] = [
  {
    value: "count",
    label: "Count",
    hint: "How many people there are, blurred a little.",
    mode: BigInt(MODES.ANALYSIS),
    order: "Analysis",
  },
  {
    value: "histogram",
    label: "Histogram of a number",
    hint: "How the values of one column spread, blurred a little. Bars with fewer than 10 people are left out.",
    mode: BigInt(MODES.ANALYSIS),
    order: "Analysis",
  },
  {
    value: "logistic",
    label: "Train a model",
    hint: "Logistic regression with noise in its result. You get a model file that you can publish.",
    mode: BigInt(MODES.TRAINING),
    order: "Training",
  },
  {
    value: "download",
    label: "Download records",
    hint: "The records of those who allow copies, opened on your computer.",
    mode: BigInt(MODES.DOWNLOAD),
    order: "Download",
  },
];

/** The analyses that a dataset's modes permit. */
export function permittedAnalyses(modes: bigint): AnalysisOption[] {
  return ANALYSES.filter((analysis) => (modes & analysis.mode) !== 0n);
}

/** The kind of order that an analysis needs. */
export function orderKindOf(choice: AnalysisChoice): OrderKindName {
  return ANALYSES.find((analysis) => analysis.value === choice.kind)?.order ?? "Analysis";
}
