import { createHash } from "node:crypto";
import type { RandomSource } from "./source.ts";

/** A repeatable source for tests: SHA-256 in counter mode. Never used outside tests. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  let pool = new Uint8Array(0);
  return {
    bytes(count) {
      const out = new Uint8Array(count);
      for (let filled = 0; filled < count;) {
        if (pool.length === 0) pool = createHash("sha256").update(`${seed}:${counter++}`).digest();
        const part = pool.subarray(0, count - filled);
        out.set(part, filled);
        pool = pool.subarray(part.length);
        filled += part.length;
      }
      return out;
    },
  };
}
