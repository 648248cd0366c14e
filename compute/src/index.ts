/** The pure part of computation: catalogue, tables, samplers, gate, models. The sandbox is @salus/compute/sandbox/run. */
export { ANALYSES, type AnalysisName, type AnalysisParameters } from "./analyses/catalogue.ts";
export type { NoiseDescription } from "./analyses/analysis.ts";
export {
  COMPUTE_ERRORS,
  ComputeError,
  fromFailure,
  type ComputeErrorCode,
  type ComputeFailure,
} from "./errors.ts";
export { parseResult } from "./gate/gate.ts";
export type { CountResult, HistogramResult, JobResult, ModelResult, NoisedCell } from "./gate/results.ts";
export { canonicalJson } from "./job/canonical-json.ts";
export { DEFAULT_POLICY, MINIMUM_CELL, type OutputPolicy } from "./job/policy.ts";
export { privacyCost } from "./job/privacy-cost.ts";
export { runJob } from "./job/run.ts";
export { DEFAULT_EPSILON, type Epsilon, type FilterItem } from "./job/schemas.ts";
export { algorithmId, canonicalJob, parseJobSpec, type JobSpec } from "./job/spec.ts";
export { inspectModel, MAX_MODEL_BYTES, type InspectedModel } from "./onnx/inspect.ts";
export type { ModelFeature, ModelMetadata } from "./onnx/metadata.ts";
export { runModel, type FeatureValue, type NamedFeatures, type PredictionResult } from "./onnx/run-model.ts";
export { secureRandom, type RandomSource } from "./random/source.ts";
export {
  NUMERIC_COLUMNS,
  TABLES,
  type ColumnRef,
  type NumericColumn,
  type NumericColumnName,
} from "./tables/columns.ts";
export { compileView, type CellValue, type CompiledView, type ViewRow } from "./tables/evaluate.ts";
export { buildTable, type SubjectRow } from "./tables/table.ts";
export { parseViewDefinition, type ViewDefinition } from "./tables/view-definition.ts";
