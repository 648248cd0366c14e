import fc from "fast-check";
import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { toHex } from "../crypto/bytes.ts";
import { leafHash } from "./hashes.ts";
import { auditPath, consistencyPath, entries, treeHash } from "./oracle.fixture.ts";
import { CONSISTENCY, INCLUSION, INPUTS, ROOTS } from "./vectors.fixture.ts";
import {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from "./verify-proof.ts";

const hex = (digits: string): Hex => `0x${digits}`;
const list = entries(130);
const leafAt = (index: number) => toHex(leafHash(list[index]!));
const rootAt = (size: number) => toHex(treeHash(list.slice(0, size)));

function inclusion(index: number, size: number): InclusionClaim {
  const proof = auditPath(index, list.slice(0, size)).map(toHex);
  return { leaf: leafAt(index), index, size, root: rootAt(size), proof };
}

function consistency(first: number, second: number): ConsistencyClaim {
  const proof = first === 0 ? [] : consistencyPath(first, list.slice(0, second)).map(toHex);
  return { first, firstRoot: rootAt(first), second, secondRoot: rootAt(second), proof };
}

/** Every change of a proof that a liar could try with what is at hand. */
function spoilt(proof: readonly Hex[], strangers: readonly Hex[]): Hex[][] {
  const flipped = (hash: Hex): Hex => hex((hash[2] === "0" ? "1" : "0") + hash.slice(3));
  return [
    ...proof.map((_, i) => proof.map((hash, j) => (i === j ? flipped(hash) : hash))),
    ...proof.map((_, i) => proof.filter((__, j) => j !== i)),
    ...strangers.flatMap((hash) => [
      [...proof, hash],
      [hash, ...proof],
    ]),
    ...(proof.length > 1 && proof[0] !== proof[1] ? [[proof[1]!, proof[0]!, ...proof.slice(2)]] : []),
    [...proof, "0x12"],
  ];
}

describe("an inclusion proof", () => {
  it.each(INCLUSION)("of the reference tests verifies ($index of $size)", ({ index, size, proof }) => {
    const leaf = toHex(leafHash(Buffer.from(INPUTS[index]!, "hex")));
    const root = hex(ROOTS[size - 1]!);
    expect(verifyInclusion({ leaf, index, size, root, proof: proof.map(hex) })).toBe(true);
  });

  it("verifies for every leaf of every tree of 1 to 40 leaves, and for no other leaf, place or root", () => {
    for (let size = 1; size <= 40; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const claim = inclusion(index, size);
        expect(verifyInclusion(claim), `${index} of ${size}`).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: leafAt(size) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: rootAt(size + 1) })).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false);
      }
    }
  });

  it("that was changed in any way does not verify", () => {
    const sizes = fc
      .integer({ min: 2, max: 120 })
      .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
    fc.assert(
      fc.property(sizes, ([index, size]) => {
        const claim = inclusion(index, size);
        for (const proof of spoilt(claim.proof, [claim.leaf, claim.root])) {
          expect(verifyInclusion({ ...claim, proof })).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of an impossible place is refused, not thrown at", () => {
    const claim = inclusion(3, 7);
    for (const change of [{ index: 7 }, { index: -1 }, { index: 0.5 }, { size: 0 }, { size: Number.NaN }]) {
      expect(verifyInclusion({ ...claim, ...change })).toBe(false);
    }
    expect(verifyInclusion({ ...claim, root: "0x" })).toBe(false);
  });
});

describe("a consistency proof", () => {
  it.each(CONSISTENCY)("of the reference tests verifies ($first to $second)", ({ first, second, proof }) => {
    const [firstRoot, secondRoot] = [hex(ROOTS[first - 1]!), hex(ROOTS[second - 1]!)];
    expect(verifyConsistency({ first, firstRoot, second, secondRoot, proof: proof.map(hex) })).toBe(true);
  });

  it("verifies between all trees of 0 to 40 leaves, and with no other root", () => {
    for (let second = 0; second <= 40; second += 1) {
      for (let first = 0; first <= second; first += 1) {
        const claim = consistency(first, second);
        expect(verifyConsistency(claim), `${first} to ${second}`).toBe(true);
        if (first === 0) continue;
        expect(verifyConsistency({ ...claim, firstRoot: rootAt(first + 1) })).toBe(false);
        expect(verifyConsistency({ ...claim, secondRoot: rootAt(second + 1) })).toBe(false);
      }
    }
  });

  it("that was changed in any way does not verify", () => {
    const sizes = fc
      .integer({ min: 2, max: 120 })
      .chain((n) => fc.tuple(fc.integer({ min: 1, max: n - 1 }), fc.constant(n)));
    fc.assert(
      fc.property(sizes, ([first, second]) => {
        const claim = consistency(first, second);
        for (const proof of spoilt(claim.proof, [claim.firstRoot, claim.secondRoot])) {
          expect(verifyConsistency({ ...claim, proof })).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of a tree that shrank, or of equal size and another root, does not verify", () => {
    const claim = consistency(5, 9);
    expect(
      verifyConsistency({ ...claim, first: 9, firstRoot: rootAt(9), second: 5, secondRoot: rootAt(5) }),
    ).toBe(false);
    const equal = { first: 5, firstRoot: rootAt(5), second: 5, secondRoot: rootAt(6), proof: [] };
    expect(verifyConsistency(equal)).toBe(false);
  });
});
