import { ComputeError } from "../errors.ts";

/** A row scaled to Euclidean norm ≤ 1, and its label. */
export interface LabelledRow {
  readonly x: readonly number[];
  readonly label: 1 | -1;
}

/** The solver stops when the gradient's norm is below this; half of what the sensitivity bound allows for. */
export const GRADIENT_TOLERANCE = 2 ** -21;

const MAX_STEPS = 200;

/**
 * The minimiser of J(w) = Σ log(1 + exp(−y·⟨w, x⟩)) + (penalty ÷ 2)·‖w‖² by Newton's method, deterministic. J is
 * strongly convex, so it has one minimiser and the Newton direction reduces the gradient's norm for a short enough
 * step; steps are halved until it does. Throws COMPUTE_SolverFailed (with no data in it) after 200 steps.
 */
export function fitLogistic(rows: readonly LabelledRow[], dimension: number, penalty: number): number[] {
  let weights = Array.from({ length: dimension }, () => 0);
  let gradient = gradientAt(weights, rows, penalty);
  for (let step = 0; step < MAX_STEPS; step++) {
    const size = norm(gradient);
    if (size <= GRADIENT_TOLERANCE) return weights;
    const direction = solveCholesky(hessianAt(weights, rows, penalty), gradient);
    for (let length = 1; ; length /= 2) {
      if (length < 2 ** -40) throw failed();
      const next = weights.map((w, i) => w - length * direction[i]!);
      const nextGradient = gradientAt(next, rows, penalty);
      if (norm(nextGradient) > (1 - length / 4) * size) continue;
      weights = next;
      gradient = nextGradient;
      break;
    }
  }
  throw failed();
}

function failed(): ComputeError {
  return new ComputeError("COMPUTE_SolverFailed", "The training did not converge.");
}

export function gradientAt(
  weights: readonly number[],
  rows: readonly LabelledRow[],
  penalty: number,
): number[] {
  const gradient = weights.map((w) => penalty * w);
  for (const { x, label } of rows) {
    const pull = -label * sigmoid(-label * dot(weights, x));
    for (let i = 0; i < gradient.length; i++) gradient[i]! += pull * x[i]!;
  }
  return gradient;
}

function hessianAt(weights: readonly number[], rows: readonly LabelledRow[], penalty: number): number[][] {
  const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? penalty : 0)));
  for (const { x } of rows) {
    const p = sigmoid(dot(weights, x));
    const curvature = p * (1 - p);
    for (let i = 0; i < weights.length; i++) {
      for (let j = 0; j <= i; j++) hessian[i]![j]! += curvature * x[i]! * x[j]!;
    }
  }
  return hessian;
}

/** Solves A·z = b for a symmetric positive definite A of which the lower triangle is given. */
function solveCholesky(matrix: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const lower = matrix.map(() => Array.from({ length: n }, () => 0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  }
  const z = [...b];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) z[i]! -= lower[i]![k]! * z[k]!;
    z[i]! /= lower[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) z[i]! -= lower[k]![i]! * z[k]!;
    z[i]! /= lower[i]![i]!;
  }
  return z;
}

export function sigmoid(value: number): number {
  return value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(values: readonly number[]): number {
  return Math.sqrt(dot(values, values));
}
