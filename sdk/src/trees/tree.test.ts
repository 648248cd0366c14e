import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";
import { encodeAbiParameters, keccak256, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { LeafType } from "./leaf-type.ts";
import {
  consentLeaf,
  contributorLeaf,
  excludedLeaf,
  recordLeaf,
  type ConsentLeaf,
  type ContributorLeaf,
  type RecordLeaf,
} from "./leaves.ts";
import { buildTree, EMPTY_ROOT, leafRoot, verifyLeaf } from "./tree.ts";

const hexOf = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((b) => `0x${Buffer.from(b).toString("hex")}` as Hex);
const address = hexOf(20) as fc.Arbitrary<Address>;
const word = hexOf(32);
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });

const consents: fc.Arbitrary<ConsentLeaf> = fc.record({
  subject: address,
  purposes: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  modes: uint(8),
  expiry: uint(40),
  basis: uint(8),
  evidence: word,
  weight: uint(32),
  originVersion: uint(16),
});
const records: fc.Arbitrary<RecordLeaf> = fc.record({
  recordId: word,
  subject: address,
  content: word,
  size: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  keyCommitment: word,
  shareCommitments: word,
  schema: word,
  originVersion: uint(16),
});

/** The tuples written out a second time: a change of order or type in the code must be noticed here. */
const solidityTypes = {
  ConsentLeaf: ["address", "uint128", "uint8", "uint40", "uint8", "bytes32", "uint32", "uint16"],
  RecordLeaf: ["bytes32", "address", "bytes32", "uint64", "bytes32", "bytes32", "bytes32", "uint16"],
  ContributorLeaf: ["address", "uint32"],
  ExcludedLeaf: ["address", "uint8"],
} as const;
const fieldOrder: Record<string, string[]> = {
  ConsentLeaf: ["subject", "purposes", "modes", "expiry", "basis", "evidence", "weight", "originVersion"],
  RecordLeaf: "recordId subject content size keyCommitment shareCommitments schema originVersion".split(" "),
  ContributorLeaf: ["subject", "weight"],
  ExcludedLeaf: ["subject", "reason"],
};

function tupleOf(name: string, leaf: object): unknown[] {
  return fieldOrder[name]!.map((field) => (leaf as Record<string, unknown>)[field]);
}

function viemHash(name: keyof typeof solidityTypes, leaf: object): Hex {
  const parameters = solidityTypes[name].map((type) => ({ type }));
  return keccak256(keccak256(encodeAbiParameters(parameters, tupleOf(name, leaf) as never)));
}

function openZeppelin(name: keyof typeof solidityTypes, sorted: readonly object[]) {
  const values = sorted.map((leaf) => tupleOf(name, leaf));
  return StandardMerkleTree.of(values, [...solidityTypes[name]], { sortLeaves: false });
}

describe("leaf hashes", () => {
  it.each([
    ["ConsentLeaf", consentLeaf, consents],
    ["RecordLeaf", recordLeaf, records],
    ["ContributorLeaf", contributorLeaf, fc.record({ subject: address, weight: uint(32) })],
    ["ExcludedLeaf", excludedLeaf, fc.record({ subject: address, reason: uint(8) })],
  ] as const)("of %s are keccak256(keccak256(abi.encode(fields)))", (name, type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<object>, (leaf) => {
        expect((type as unknown as LeafType<object>).hash(leaf)).toBe(viemHash(name, leaf));
      }),
    );
  });

  it("refuse a value that its Solidity type cannot hold, naming the field", () => {
    const leaf = { subject: `0x${"11".repeat(20)}`, weight: 2 ** 32 } as ContributorLeaf;
    expect(() => contributorLeaf.hash(leaf)).toThrow(
      expect.objectContaining({ code: "SDK_VALUE_OUT_OF_RANGE" }),
    );
    expect(() => contributorLeaf.hash({ ...leaf, weight: -1 })).toThrow(/weight is -1/);
    expect(() => contributorLeaf.hash({ ...leaf, weight: 1.5 })).toThrow(/weight is 1.5/);
    expect(() => contributorLeaf.hash({ ...leaf, weight: 1, subject: "0x1234" })).toThrow(/subject/);
  });
});

describe("trees", () => {
  it("have OpenZeppelin's roots and proofs over the leaves in ascending order of their key", () => {
    const cohorts = fc.uniqueArray(records, { minLength: 1, maxLength: 33, selector: (r) => r.recordId });
    fc.assert(
      fc.property(cohorts, (leaves) => {
        const sorted = leaves.toSorted((a, b) => (BigInt(a.recordId) < BigInt(b.recordId) ? -1 : 1));
        const oracle = openZeppelin("RecordLeaf", sorted);
        const tree = buildTree(recordLeaf, leaves);
        expect(tree.root).toBe(oracle.root);
        sorted.forEach((leaf, i) => {
          const proof = tree.proof(leaf.recordId);
          expect(proof).toEqual(oracle.getProof(i));
          expect(verifyLeaf(recordLeaf, leaf, proof, tree.root)).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("do not depend on the order or the letter case of what is passed in", () => {
    const leaves = fc.sample(fc.record({ subject: address, weight: uint(32) }), { numRuns: 9, seed: 7 });
    const shuffled = leaves.toReversed().map((leaf) => ({
      ...leaf,
      subject: `0x${leaf.subject.slice(2).toUpperCase()}` as Address,
    }));
    expect(leafRoot(contributorLeaf, shuffled)).toBe(leafRoot(contributorLeaf, leaves));
  });

  it("of one leaf have the leaf's hash as root and an empty proof", () => {
    const leaf: ContributorLeaf = { subject: `0x${"ab".repeat(20)}`, weight: 1 };
    const tree = buildTree(contributorLeaf, [leaf]);
    expect(tree.root).toBe(viemHash("ContributorLeaf", leaf));
    expect(tree.proof(leaf.subject)).toEqual([]);
  });

  it("without leaves have the zero root, against which nothing verifies", () => {
    expect(leafRoot(excludedLeaf, [])).toBe(`0x${"0".repeat(64)}`);
    const leaf = { subject: `0x${"ab".repeat(20)}`, reason: 1 } as const;
    expect(verifyLeaf(excludedLeaf, leaf, [], EMPTY_ROOT)).toBe(false);
  });

  it("refuse a proof for a leaf with any field changed", () => {
    const [leaf, ...others] = fc.sample(consents, { numRuns: 5, seed: 11 }) as [
      ConsentLeaf,
      ...ConsentLeaf[],
    ];
    const tree = buildTree(consentLeaf, [leaf, ...others]);
    const proof = tree.proof(leaf.subject);
    expect(verifyLeaf(consentLeaf, leaf, proof, tree.root)).toBe(true);
    for (const field of fieldOrder.ConsentLeaf!) {
      const value = leaf[field as keyof ConsentLeaf];
      const changed =
        typeof value === "string"
          ? flipLast(value)
          : typeof value === "bigint"
            ? value ^ 1n
            : Math.abs(value - 1);
      expect(verifyLeaf(consentLeaf, { ...leaf, [field]: changed }, proof, tree.root), field).toBe(false);
    }
  });

  it("refuse two leaves of one key, and a proof for a key that is not there", () => {
    const leaf: ContributorLeaf = { subject: `0x${"ab".repeat(20)}`, weight: 1 };
    const again: ContributorLeaf = { subject: `0x${"AB".repeat(20)}`, weight: 2 };
    expect(() => leafRoot(contributorLeaf, [leaf, again])).toThrow(
      expect.objectContaining({ code: "SDK_DUPLICATE_LEAF" }),
    );
    expect(() => buildTree(contributorLeaf, [leaf]).proof(`0x${"cd".repeat(20)}`)).toThrow(
      expect.objectContaining({ code: "SDK_LEAF_NOT_FOUND" }),
    );
  });
});

function flipLast(hex: string): Hex {
  return (hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0")) as Hex;
}
