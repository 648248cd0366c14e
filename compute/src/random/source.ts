import { randomBytes } from "node:crypto";
import { ComputeError } from "../errors.ts";

/** Where uniform random bytes come from. Each call returns exactly `count` fresh bytes. */
export interface RandomSource {
  bytes(count: number): Uint8Array;
}

/** The operating system's generator: the only source that may be used for a result that leaves. */
export const secureRandom: RandomSource = {
  bytes: (count) => randomBytes(count),
};

/**
 * A uniform integer in [0, bound), by rejection: draws as many bits as `bound - 1` has and tries again when the
 * number is too large, so that no value is favoured (as a remainder would).
 */
export function uniformBelow(bound: bigint, source: RandomSource): bigint {
  if (bound <= 0n) throw new ComputeError("COMPUTE_BadNumber", "A uniform draw needs a bound of at least 1.");
  const bits = (bound - 1n).toString(2).length;
  const byteCount = Math.ceil(bits / 8);
  const mask = (1n << BigInt(bits)) - 1n;
  for (;;) {
    const candidate = toBigInt(source.bytes(byteCount)) & mask;
    if (candidate < bound) return candidate;
  }
}

function toBigInt(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
