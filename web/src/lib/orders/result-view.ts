import type { JobResult } from "@salus/compute/gate/results";
import type { PredictionResult } from "@salus/compute/onnx/run-model";
import { WebError } from "#lib/errors.ts";
import type { Bin } from "#lib/plots/histogram-layout.ts";

/** How exact a noised number is. */
export interface Noise {
  /** Standard deviation of the noise, in people. */
  deviation: number;
  /** Numbers below this are not shown. */
  minimum: number;
  /** People in the cohort before any selection. */
  cohort: number;
}

/** What an opened result holds, as pages show it. */
export type ResultView =
  | { kind: "count"; count: number | null; noise: Noise }
  | {
      kind: "histogram";
      title: string;
      unit: string;
      bins: Bin[];
      under: number | null;
      over: number | null;
      noise: Noise;
    }
  | { kind: "model"; bytes: number; features: { title: string; weight: number }[]; cohort: number }
  | { kind: "prediction"; probability: number; label: string };

/**
 * A result in the form that pages show. The bytes were checked against the receipt before; what is in them is the word
 * of the gateway that ran the job, so a form that is not known is refused rather than guessed at.
 * @throws WEB_RESULT_UNKNOWN
 */
export function viewResult(result: unknown): ResultView {
  const { kind } = (result ?? {}) as { kind?: unknown };
  const known = (result ?? {}) as JobResult | PredictionResult;
  switch (known.kind) {
    case "count":
      return { kind: "count", count: known.value, noise: noiseOf(known) };
    case "histogram": {
      const { title, unit, under, over } = known;
      return { kind: "histogram", title, unit, bins: binsOf(known), under, over, noise: noiseOf(known) };
    }
    case "model": {
      const features = known.coefficients.map(({ title, weight }) => ({ title, weight }));
      return { kind: "model", bytes: bytesIn(known.onnx), features, cohort: known.cohortSize };
    }
    case "prediction":
      return { kind: "prediction", probability: known.probability, label: labelText(known.label) };
    default:
      throw unknown(kind);
  }
}

function binsOf({ edges, cells }: Extract<JobResult, { kind: "histogram" }>): Bin[] {
  return cells.map((count, index) => ({ from: edges[index]!, to: edges[index + 1]!, count }));
}

function noiseOf({ noise, minimumCell, cohortSize }: Exclude<JobResult, { kind: "model" }>): Noise {
  return { deviation: noise.standardDeviation, minimum: minimumCell, cohort: cohortSize };
}

/** Bytes that base64 text stands for. */
function bytesIn(base64: string): number {
  return (base64.length / 4) * 3 - (base64.match(/=+$/)?.[0].length ?? 0);
}

function labelText(label: PredictionResult["label"]): string {
  return label.kind === "condition"
    ? label.code
    : `${label.column} of ${label.atLeast} ${label.unit} or more`;
}

function unknown(kind: unknown): WebError {
  return new WebError("WEB_RESULT_UNKNOWN", { detail: `Kind ${JSON.stringify(kind)?.slice(0, 40)}.` });
}
