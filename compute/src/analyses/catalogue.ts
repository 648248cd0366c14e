import { count, type CountDraft, type CountParameters } from "./count.ts";
import { histogram, type HistogramDraft, type HistogramParameters } from "./histogram.ts";
import {
  logisticRegression,
  type LogisticRegressionDraft,
  type LogisticRegressionParameters,
} from "./logistic-regression.ts";

/** Every analysis that a job may name, by name. */
export const ANALYSES = {
  count,
  histogram,
  "logistic-regression": logisticRegression,
} as const;

export type AnalysisName = keyof typeof ANALYSES;

export type AnalysisParameters = {
  count: CountParameters;
  histogram: HistogramParameters;
  "logistic-regression": LogisticRegressionParameters;
};

/** A noised answer that the gate has not passed yet. */
export type Draft = CountDraft | HistogramDraft | LogisticRegressionDraft;
