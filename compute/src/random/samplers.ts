/**
 * Exact samplers of Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (NeurIPS 2020,
 * arXiv 2004.00010): integers and rationals only, so no rounding of floating-point numbers can leak.
 */
import { ComputeError } from "../errors.ts";
import { floorSquareRoot, rational, type Rational } from "./rational.ts";
import { uniformBelow, type RandomSource } from "./source.ts";

/** True with probability numerator ÷ denominator, which must be at most 1. */
export function bernoulli(probability: Rational, source: RandomSource): boolean {
  if (probability.numerator > probability.denominator) {
    throw new ComputeError("COMPUTE_BadNumber", "A probability is at most 1.");
  }
  return uniformBelow(probability.denominator, source) < probability.numerator;
}

/** True with probability exp(−gamma), for any rational gamma ≥ 0 (Algorithm 1). */
export function bernoulliExp(gamma: Rational, source: RandomSource): boolean {
  const whole = gamma.numerator / gamma.denominator;
  for (let i = 0n; i < whole; i++) {
    if (!bernoulliExpUpToOne({ numerator: 1n, denominator: 1n }, source)) return false;
  }
  const rest = { numerator: gamma.numerator % gamma.denominator, denominator: gamma.denominator };
  return bernoulliExpUpToOne(rest, source);
}

/** exp(−gamma) for gamma ≤ 1: the series 1 − gamma + gamma²/2! − … as the parity of a first failure. */
function bernoulliExpUpToOne(gamma: Rational, source: RandomSource): boolean {
  let k = 1n;
  while (bernoulli({ numerator: gamma.numerator, denominator: gamma.denominator * k }, source)) k++;
  return k % 2n === 1n;
}

/**
 * An integer x with probability proportional to exp(−|x| ÷ scale) (Algorithm 2). Added to an integer-valued answer
 * of L1 sensitivity Δ it gives (Δ ÷ scale)-differential privacy. Throws COMPUTE_BadNumber for scale 0.
 */
export function discreteLaplace(scale: Rational, source: RandomSource): bigint {
  const { numerator: t, denominator: s } = rational(scale.numerator, scale.denominator);
  if (t === 0n) throw new ComputeError("COMPUTE_BadNumber", "The scale of the noise must be above 0.");
  for (;;) {
    const u = uniformBelow(t, source);
    if (!bernoulliExp({ numerator: u, denominator: t }, source)) continue;
    let v = 0n;
    while (bernoulliExp({ numerator: 1n, denominator: 1n }, source)) v++;
    const magnitude = (u + t * v) / s;
    const negative = uniformBelow(2n, source) === 1n;
    // Zero would otherwise be drawn twice, once for each sign.
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}

/**
 * An integer x with probability proportional to exp(−x² ÷ (2·variance)) (Algorithm 3). Added to an integer-valued
 * answer of L2 sensitivity Δ it gives Δ² ÷ (2·variance) of zCDP. Throws COMPUTE_BadNumber for variance 0.
 */
export function discreteGaussian(variance: Rational, source: RandomSource): bigint {
  const { numerator: n, denominator: d } = rational(variance.numerator, variance.denominator);
  if (n === 0n) throw new ComputeError("COMPUTE_BadNumber", "The variance of the noise must be above 0.");
  const t = floorSquareRoot(n / d) + 1n;
  for (;;) {
    const y = discreteLaplace({ numerator: t, denominator: 1n }, source);
    const distance = (y < 0n ? -y : y) * t * d - n; // (|y| − variance/t) · t · d
    // (|y| − variance/t)² ÷ (2·variance), with every part brought over one denominator
    const gamma = { numerator: distance * distance, denominator: 2n * n * d * t * t };
    if (bernoulliExp(gamma, source)) return y;
  }
}
