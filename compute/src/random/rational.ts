import { ComputeError } from "../errors.ts";

/** An exact non-negative rational; the denominator is positive. Need not be in lowest terms. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A rational in lowest terms. Throws COMPUTE_BadNumber for a negative value or a denominator below 1. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator <= 0n || numerator < 0n) {
    throw new ComputeError("COMPUTE_BadNumber", "A rational needs a numerator ≥ 0 and a denominator ≥ 1.");
  }
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** a ÷ b; b must not be 0. */
export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

/** The smallest integer that is not below the value. */
export function ceiling(value: Rational): bigint {
  return (value.numerator + value.denominator - 1n) / value.denominator;
}

/** The largest integer whose square is not above `value`, by Newton's method on integers. */
export function floorSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
