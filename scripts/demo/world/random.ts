import { createHash } from "node:crypto";

/** A stream of pseudo-random numbers that is fixed by its seed. For demo data only: it protects nothing. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Roughly normal with this mean and standard deviation, never more than 6 deviations away. */
  normal(mean: number, deviation: number): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
}

/**
 * The stream of a text seed: SHA-256 of the seed sets the state of sfc32, Chris Doty-Humphrey's small fast counting
 * generator from PractRand. Only integer arithmetic and sums are used (a normal value is the sum of twelve uniform
 * ones, Irwin–Hall), so that every engine and platform draws the same numbers.
 */
export function randomFrom(seed: string): Random {
  const next = sfc32(createHash("sha256").update(seed).digest());
  const uniform = (): number => next() / 0x1_0000_0000;
  const integer = (low: number, high: number): number => low + Math.floor(uniform() * (high - low + 1));
  return {
    uniform,
    integer,
    normal(mean, deviation) {
      let sum = 0;
      for (let i = 0; i < 12; i += 1) sum += uniform();
      return mean + (sum - 6) * deviation;
    },
    chance: (probability) => uniform() < probability,
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError("pick needs at least one item");
      return item;
    },
  };
}

/** sfc32 with the first 12 bytes as its words, counter 1, and the customary 12 warm-up rounds. */
function sfc32(seed: Buffer): () => number {
  let a = seed.readUInt32LE(0);
  let b = seed.readUInt32LE(4);
  let c = seed.readUInt32LE(8);
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + result) >>> 0;
    return result;
  };
  for (let i = 0; i < 12; i += 1) next();
  return next;
}
