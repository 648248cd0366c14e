import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { randomFrom } from "./random.ts";

/** sfc32 written a second time, in wide integers reduced at each step, from its definition in PractRand. */
function* oracle(seed: string): Generator<number> {
  const mask = 0xffffffffn;
  const bytes = createHash("sha256").update(seed).digest();
  let [a, b, c] = [0, 4, 8].map((at) => BigInt(bytes.readUInt32LE(at))) as [bigint, bigint, bigint];
  let counter = 1n;
  for (let round = 0; ; round += 1) {
    const output = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c * 9n) & mask;
    c = (((c << 21n) & mask) + (c >> 11n) + output) & mask;
    if (round >= 12) yield Number(output) / 2 ** 32;
  }
}

test("the stream is sfc32 of the seed's SHA-256", () => {
  const random = randomFrom("a seed");
  const expected = oracle("a seed");
  for (let i = 0; i < 1000; i += 1) expect(random.uniform()).toBe(expected.next().value);
});

test("uniform and normal values have the mean and spread they say", () => {
  const random = randomFrom("moments");
  const uniform = Array.from({ length: 20_000 }, () => random.uniform());
  const normal = Array.from({ length: 20_000 }, () => random.normal(10, 2));
  const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const spread = (values: number[], center = mean(values)): number =>
    Math.sqrt(mean(values.map((x) => (x - center) ** 2)));
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(spread(uniform)).toBeCloseTo(Math.sqrt(1 / 12), 2);
  expect(mean(normal)).toBeCloseTo(10, 1);
  expect(spread(normal)).toBeCloseTo(2, 1);
});

test("whole numbers reach both ends and nothing beyond", () => {
  const random = randomFrom("ends");
  const drawn = new Set(Array.from({ length: 300 }, () => random.integer(3, 6)));
  expect([...drawn].sort()).toEqual([3, 4, 5, 6]);
});
