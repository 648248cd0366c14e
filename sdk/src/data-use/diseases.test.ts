import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { buildDiseaseClosure, diseaseDigest, readDiseaseFile } from "./diseases.ts";

/* E11.9 → E11 → E08-E13 → E00-E89, and two ways from E11.22: to E11 and to N18 → N00-N99. */
const STEPS = [
  ["E11.9", "E11"],
  ["E11", "E08"],
  ["E08", "E00"],
  ["E11.22", "E11"],
  ["E11.22", "N18"],
  ["N18", "N00"],
].map(([child, parent]) => ({ child: `ICD-10-CM:${child}`, parent: `ICD-10-CM:${parent}` }));

/** Written out by hand: each disease with everything above it. */
const DESCENTS: Record<string, string[]> = {
  "E11.9": ["E11", "E08", "E00"],
  E11: ["E08", "E00"],
  E08: ["E00"],
  "E11.22": ["E11", "E08", "E00", "N18", "N00"],
  N18: ["N00"],
};

const digest = (code: string) => diseaseDigest(`ICD-10-CM:${code}`);

describe("the closure of diseases", () => {
  const closure = buildDiseaseClosure(STEPS);

  it("holds every descent once and nothing else", () => {
    const expected = Object.entries(DESCENTS).flatMap(([code, above]) =>
      above.map((ancestor) => `${digest(code)} ${digest(ancestor)}`),
    );
    const found = closure.pairs.map(({ disease, ancestor }) => `${disease} ${ancestor}`);
    expect([...found].sort()).toEqual([...expected].sort());
    expect(closure.proof(digest("E00"), digest("E11"))).toBeUndefined();
    expect(closure.proof(digest("N18"), digest("E00"))).toBeUndefined();
  });

  it("has proofs that OpenZeppelin's verifier takes", () => {
    const types = ["bytes32", "bytes32"];
    for (const { disease, ancestor } of closure.pairs) {
      const proof = closure.proof(disease, ancestor)!;
      expect(StandardMerkleTree.verify(closure.root, types, [disease, ancestor], proof)).toBe(true);
      expect(StandardMerkleTree.verify(closure.root, types, [ancestor, disease], proof)).toBe(false);
    }
  });

  it("is the same whatever the order and the repeats of the steps", () => {
    const shuffled = buildDiseaseClosure([...STEPS].reverse().concat(STEPS[0]!));
    expect(shuffled.root).toBe(closure.root);
    expect(shuffled.file).toEqual(closure.file);
  });

  it("comes back from its public file", () => {
    expect(closure.fileDigest).toBe(`0x${createHash("sha256").update(closure.file).digest("hex")}`);
    expect(readDiseaseFile(closure.file).root).toBe(closure.root);
    const broken = new TextEncoder().encode("ICD-10-CM:E11\n");
    expect(() => readDiseaseFile(broken)).toThrowError(/no pair/);
  });

  it("refuses a disease that descends from itself", () => {
    const loop = [...STEPS, { child: "ICD-10-CM:E00", parent: "ICD-10-CM:E11" }];
    expect(() => buildDiseaseClosure(loop)).toThrowError(/descend from itself/);
  });

  it("refuses codes without their system, and a closure of nothing", () => {
    expect(() => diseaseDigest("E11")).toThrowError(/no disease code/);
    expect(() => buildDiseaseClosure([])).toThrowError(/no root/);
  });
});
