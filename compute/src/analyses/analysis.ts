import type * as v from "valibot";
import type { Rational } from "../random/rational.ts";
import type { RandomSource } from "../random/source.ts";
import type { ColumnRef } from "../tables/columns.ts";
import type { SubjectRow } from "../tables/table.ts";
import type { Epsilon } from "../job/schemas.ts";

/**
 * Neighbouring data sets, for every analysis here: the number of records of the cohort is public (anyone computes it
 * from the chain); two data sets are neighbours when one subject's record in one of them is empty in the other. So a
 * subject's presence in a count, bin or loss changes it by at most that subject's own term (add or remove one).
 */
export interface Analysis<Parameters = never, Draft = unknown> {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly schema: v.GenericSchema<unknown, Parameters>;
  /** What it reads of each subject. */
  columns(parameters: Parameters): ColumnRef[];
  /** ε spent by one run; pure ε-differential privacy for the neighbours above. */
  epsilon(parameters: Parameters): Epsilon;
  /** How many fitted numbers leave, for the bound against memorising; 0 where nothing is fitted. */
  fittedParameters(parameters: Parameters): number;
  /** The noised answer. It reaches nobody before the output gate has passed it. */
  run(rows: readonly SubjectRow[], parameters: Parameters, context: RunContext): Draft;
}

export interface RunContext {
  /** The public number of records of the cohort. */
  readonly cohortSize: number;
  readonly random: RandomSource;
}

/** Exact scale of the noise, as decimal integers, and its standard deviation for people (3 significant digits). */
export interface NoiseDescription {
  readonly distribution: "discrete-laplace";
  readonly scale: { readonly numerator: string; readonly denominator: string };
  readonly standardDeviation: number;
}

export function epsilonOf(epsilon: Epsilon): Rational {
  return { numerator: BigInt(epsilon.numerator), denominator: BigInt(epsilon.denominator) };
}

/** Describes discrete Laplace noise of `scale` grid steps, with the standard deviation in units of `step`. */
export function describeNoise(scale: Rational, step = 1): NoiseDescription {
  const t = Number(scale.numerator) / Number(scale.denominator);
  // Variance of P(x) ∝ q^|x| is 2q ÷ (1 − q)², q = e^(−1/t); expm1 keeps it exact enough for large t.
  const deviation = Math.sqrt(2 * Math.exp(-1 / t)) / -Math.expm1(-1 / t);
  return {
    distribution: "discrete-laplace",
    scale: { numerator: scale.numerator.toString(), denominator: scale.denominator.toString() },
    standardDeviation: Number((deviation * step).toPrecision(3)),
  };
}
