import { keccak256, stringToBytes, type Hex } from "viem";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import { defineLeaf } from "../trees/leaf-type.ts";
import { buildNodes, nodeAt, proofOf } from "../trees/merkle.ts";

/** One step of an ontology: a disease and one that it directly is a form of, by their codes. */
export type DiseaseStep = { child: string; parent: string };

/** A disease and one of its ancestors, direct or not, by the digests of their codes. */
export type Descent = { disease: Hex; ancestor: Hex };

/** The closure of an ontology: every descent once, under one root. */
export type DiseaseClosure = {
  /** what a vote sets as `diseaseClosure` */
  root: Hex;
  /** the public file: the steps from which anyone makes the same root */
  file: Uint8Array;
  /** SHA-256 of the file */
  fileDigest: Hex;
  pairs: readonly Descent[];
  /** Merkle proof that a disease descends from another; undefined where it does not. */
  proof(disease: Hex, ancestor: Hex): Hex[] | undefined;
};

const descentLeaf = defineLeaf<Descent>("Descent", "disease", [
  { name: "disease", type: "bytes32" },
  { name: "ancestor", type: "bytes32" },
]);

/**
 * The digest by which orders and terms name a disease: keccak256 of system and code, as in `ICD-10-CM:E11.9`.
 * @throws SDK_INVALID_INPUT where the system is missing
 */
export function diseaseDigest(code: string): Hex {
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9.-]+$/.test(code)) {
    throw new SalusError({
      code: "SDK_INVALID_INPUT",
      message: `“${code}” is no disease code with its system.`,
      hint: "Write system and code, as in ICD-10-CM:E11.9.",
      details: { code },
    });
  }
  return keccak256(stringToBytes(code));
}

/**
 * Makes the transitive closure of an ontology's steps and its Merkle tree: leaves are
 * keccak256(keccak256(abi.encode(disease, ancestor))) in ascending order of the pair, as `DataUseAuthority` verifies them.
 *
 * @param steps pairs of codes, in any order; repeats count once
 * @throws SDK_DISEASE_CYCLE where a disease would descend from itself; SDK_INVALID_INPUT for a bad code or no step at all
 */
export function buildDiseaseClosure(steps: readonly DiseaseStep[]): DiseaseClosure {
  if (steps.length === 0) throw invalid("A closure of no diseases has no root.");
  const pairs = closePairs(steps).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const nodes = buildNodes(
    pairs.map((pair) => descentLeaf.hashBytes(pair)),
    pairs.length,
  );
  const places = new Map(pairs.map((pair, place) => [keyOf(pair), place]));
  const file = fileOf(steps);
  return {
    root: toHex(nodeAt(nodes, 0)),
    file,
    fileDigest: toHex(sha256(file)),
    pairs,
    proof(disease, ancestor) {
      const place = places.get(keyOf({ disease, ancestor }));
      return place === undefined ? undefined : proofOf(nodes, place).map(toHex);
    },
  };
}

/** Reads a closure's public file and makes the closure again. @throws SDK_FILE_MALFORMED and as {@link buildDiseaseClosure} */
export function readDiseaseFile(file: Uint8Array): DiseaseClosure {
  const lines = new TextDecoder().decode(file).split("\n").slice(0, -1);
  const steps = lines.map((line) => {
    const [child, parent, more] = line.split("\t");
    if (child && parent && more === undefined) return { child, parent };
    throw new SalusError({
      code: "SDK_FILE_MALFORMED",
      message: `“${line}” is no pair of disease codes.`,
      details: { line },
    });
  });
  return buildDiseaseClosure(steps);
}

/** Steps one a line, child and parent parted by a tab, sorted: the same ontology gives the same bytes. */
function fileOf(steps: readonly DiseaseStep[]): Uint8Array {
  const lines = [...new Set(steps.map(({ child, parent }) => `${child}\t${parent}\n`))].sort();
  return new TextEncoder().encode(lines.join(""));
}

function closePairs(steps: readonly DiseaseStep[]): Descent[] {
  const parents = new Map<string, Set<string>>();
  for (const { child, parent } of steps) {
    parents.set(child, (parents.get(child) ?? new Set()).add(parent));
  }
  return [...parents.keys()].flatMap((code) =>
    [...ancestorsOf(code, parents)].map((ancestor) => ({
      disease: diseaseDigest(code),
      ancestor: diseaseDigest(ancestor),
    })),
  );
}

function ancestorsOf(code: string, parents: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>();
  const ahead = [...(parents.get(code) ?? [])];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (next === code) throw cycle(code);
    if (found.has(next)) continue;
    found.add(next);
    ahead.push(...(parents.get(next) ?? []));
  }
  return found;
}

function keyOf({ disease, ancestor }: Descent): string {
  return `${disease}${ancestor.slice(2)}`.toLowerCase();
}

function cycle(code: string): SalusError {
  return new SalusError({
    code: "SDK_DISEASE_CYCLE",
    message: `${code} would descend from itself.`,
    details: { code },
  });
}

function invalid(message: string): SalusError {
  return new SalusError({ code: "SDK_INVALID_INPUT", message });
}
