/**
 * Logistic regression with output perturbation: Chaudhuri, Monteleoni and Sarwate, "Differentially Private Empirical
 * Risk Minimization" (JMLR 12, 2011), Algorithm 1, with the noise drawn exactly on a grid.
 *
 * Objective. J(w) = Σ log(1 + exp(−y·⟨w, x⟩)) + (λ ÷ 2)·‖w‖² over the usable rows, with λ = Λ·N, N the public size of
 * the cohort and Λ the job's regularisation: the paper's objective times N. A subject without all values has no term.
 *
 * Rows. Each feature is clipped to its declared bounds and mapped onto [−1, 1]; a constant 1 is added for the
 * intercept; the p = d + 1 numbers are divided by √p, so ‖x‖ ≤ 1.
 *
 * Sensitivity. J is λ-strongly convex and the logistic loss has slope ≤ 1, so adding or removing one subject's term
 * moves the minimiser by at most 1 ÷ λ in L2 (the argument of the paper's Lemma 7 and Corollary 8; they replace a row,
 * which is twice this). The solver stops at a gradient of norm τ ≤ 2^−20, so its answer lies within τ ÷ λ of the
 * minimiser; with both sides and as much again for floating-point rounding the bound is (1 + 2^−18) ÷ λ.
 * In L1 it is at most √p times that.
 *
 * Grid. Each weight is rounded to a multiple of γ = 2^−20. Rounding can add one step per coordinate to a difference,
 * so in steps the L1 sensitivity is at most Δ = ⌈√p·(1 + 2^−18) ÷ (λ·γ)⌉ + p. Discrete Laplace noise of scale Δ ÷ ε
 * steps on every coordinate then gives ε-differential privacy. √p is rounded up as a rational; no float is in Δ.
 */
import * as v from "valibot";
import {
  columnsOfFilter,
  conditionEntries,
  epsilonSchema,
  filterSchema,
  finite,
  numericColumnSchema,
  regularisationSchema,
  type Epsilon,
} from "../job/schemas.ts";
import {
  add,
  ceiling,
  divide,
  floorSquareRoot,
  multiply,
  rational,
  type Rational,
} from "../random/rational.ts";
import { discreteLaplace } from "../random/samplers.ts";
import { columnKey, type ColumnRef } from "../tables/columns.ts";
import type { SubjectRow } from "../tables/table.ts";
import { describeNoise, epsilonOf, type Analysis, type NoiseDescription } from "./analysis.ts";
import { matches } from "./filter.ts";
import { fitLogistic, type LabelledRow } from "./logistic-solver.ts";

const feature = v.pipe(
  v.strictObject({ column: numericColumnSchema, lower: finite, upper: finite }),
  v.check(({ lower, upper }) => lower < upper && upper - lower < 1e12, "must have lower < upper"),
);

const label = v.variant("kind", [
  v.strictObject({ kind: v.literal("condition"), ...conditionEntries }),
  v.strictObject({ kind: v.literal("threshold"), column: numericColumnSchema, atLeast: finite }),
]);

const schema = v.pipe(
  v.strictObject({
    features: v.pipe(v.array(feature), v.minLength(1), v.maxLength(32)),
    label,
    filter: filterSchema,
    regularisation: regularisationSchema,
    epsilon: epsilonSchema,
  }),
  v.check(
    ({ features }) => new Set(features.map((each) => each.column)).size === features.length,
    "must name each feature once",
  ),
  v.check(
    ({ features, label: target }) =>
      target.kind !== "threshold" || features.every((each) => each.column !== target.column),
    "must not use the column of the label as a feature",
  ),
);
export type LogisticRegressionParameters = v.InferOutput<typeof schema>;

/** Weights are multiples of one step of this grid. */
export const WEIGHT_GRID_BITS = 20;
export const WEIGHT_STEP = 2 ** -WEIGHT_GRID_BITS;

export interface LogisticRegressionDraft {
  readonly kind: "logistic-regression";
  readonly parameters: LogisticRegressionParameters;
  /** One per feature in order, on features scaled to [−1, 1] ÷ √p; then the intercept's, on 1 ÷ √p. */
  readonly weights: readonly number[];
  readonly epsilon: Epsilon;
  readonly noise: NoiseDescription;
}

export const logisticRegression: Analysis<LogisticRegressionParameters, LogisticRegressionDraft> = {
  name: "logistic-regression",
  version: 1,
  title: "Train a model that predicts yes or no",
  schema,
  columns: ({ features, label: target, filter }) => [
    ...features.map((each): ColumnRef => ({ kind: "number", name: each.column })),
    labelColumn(target),
    ...columnsOfFilter(filter),
  ],
  epsilon: ({ epsilon }) => epsilon,
  fittedParameters: ({ features }) => features.length + 1,
  run(rows, parameters, { cohortSize, random }) {
    const dimension = parameters.features.length + 1;
    const penalty = penaltyOf(parameters, cohortSize);
    const usable = rows.flatMap((row) => labelledRow(row, parameters));
    const weights = fitLogistic(usable, dimension, Number(penalty.numerator) / Number(penalty.denominator));
    const scale = divide(rational(sensitivityInSteps(dimension, penalty)), epsilonOf(parameters.epsilon));
    return {
      kind: "logistic-regression",
      parameters,
      weights: weights.map((weight) => addNoise(weight, scale, random)),
      epsilon: parameters.epsilon,
      noise: describeNoise(scale, WEIGHT_STEP),
    };
  },
};

function addNoise(weight: number, scale: Rational, random: Parameters<typeof discreteLaplace>[1]): number {
  // Scaling by a power of two is exact, so this is the nearest grid point.
  const steps = BigInt(Math.round(weight / WEIGHT_STEP)) + discreteLaplace(scale, random);
  return Number(steps) * WEIGHT_STEP;
}

/** λ = Λ·N. */
function penaltyOf({ regularisation }: LogisticRegressionParameters, cohortSize: number): Rational {
  return rational(BigInt(regularisation.numerator) * BigInt(cohortSize), BigInt(regularisation.denominator));
}

/** Δ of the note above, in grid steps. */
export function sensitivityInSteps(dimension: number, penalty: Rational): bigint {
  const million = 1_000_000n;
  const rootRoundedUp = rational(floorSquareRoot(BigInt(dimension) * million * million) + 1n, million);
  const slack = add(rational(1n), rational(1n, 1n << 18n));
  const inSteps = multiply(multiply(rootRoundedUp, slack), rational(1n << BigInt(WEIGHT_GRID_BITS)));
  return ceiling(divide(inSteps, penalty)) + BigInt(dimension);
}

function labelColumn(target: LogisticRegressionParameters["label"]): ColumnRef {
  return target.kind === "condition" ? target : { kind: "number", name: target.column };
}

/** The subject's scaled row, or nothing when a value is missing or the filter leaves the subject out. */
function labelledRow(
  row: SubjectRow,
  { features, label: target, filter }: LogisticRegressionParameters,
): LabelledRow[] {
  const outcome = row.values[columnKey(labelColumn(target))];
  if (!matches(row, filter) || outcome === null || outcome === undefined) return [];
  const positive = target.kind === "condition" ? outcome === true : (outcome as number) >= target.atLeast;
  const root = Math.sqrt(features.length + 1);
  const x: number[] = [];
  for (const { column, lower, upper } of features) {
    const value = row.values[column];
    if (typeof value !== "number") return [];
    const clipped = Math.min(Math.max(value, lower), upper);
    x.push((2 * (clipped - lower)) / (upper - lower) / root - 1 / root);
  }
  return [{ x: [...x, 1 / root], label: positive ? 1 : -1 }];
}
