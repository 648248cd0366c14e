/**
 * Writes `generated/log.json`: Merkle tree hashes and consistency proofs of one growing log, by the recursive definitions of
 * `naive-log.ts`. `--check` writes nothing and exits with 1 where the file is out of date.
 *
 * Run: node test/contracts/vectors/log.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { consistencyProof, treeHash } from "./naive-log.ts";

const FILE = join(import.meta.dirname, "generated/log.json");

/** The inputs of Certificate Transparency's own test suite, then entries of our own. */
const PUBLISHED_INPUTS = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
/** Its published root and proof from 1 to 8. */
const PUBLISHED_ROOT_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
const PUBLISHED_PROOF_1_8 = [
  "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
];

const LARGEST = 260;
/** Every pair up to here; beyond, sizes around powers of two. */
const ALL_PAIRS_UP_TO = 16;
const EDGES = [31, 32, 33, 64, 65, 127, 128, 129, 256, 257, 260];

const entries = Array.from({ length: LARGEST }, (_, i) =>
  Buffer.from(PUBLISHED_INPUTS[i] ?? Buffer.from(`entry ${i}`).toString("hex"), "hex"),
);

const proof = (m: number, n: number): Buffer[] => consistencyProof(m, entries.slice(0, n));

function assertPublished(): void {
  const hex = proof(1, 8).map((hash) => hash.toString("hex"));
  const root = treeHash(entries.slice(0, 8)).toString("hex");
  if (root !== PUBLISHED_ROOT_8 || hex.join() !== PUBLISHED_PROOF_1_8.join()) {
    throw new Error("The oracle does not agree with Certificate Transparency's published vectors.");
  }
}

function pairs(): [number, number][] {
  const sizes = [...Array.from({ length: ALL_PAIRS_UP_TO }, (_, i) => i + 1), ...EDGES];
  return sizes.flatMap((m) => sizes.filter((n) => n > m).map((n): [number, number] => [m, n]));
}

function build(): string {
  assertPublished();
  const all = pairs();
  const bytes = (hashes: Buffer[]) => `0x${Buffer.concat(hashes).toString("hex")}`;
  const file = {
    roots: [bytes(entries.map((_, i) => treeHash(entries.slice(0, i + 1))))],
    first: all.map(([m]) => m),
    second: all.map(([, n]) => n),
    proofs: all.map(([m, n]) => bytes(proof(m, n))),
  };
  return `${JSON.stringify(file)}\n`;
}

const text = build();
if (process.argv.includes("--check")) {
  if (readFileSync(FILE, "utf8") !== text) {
    console.error("test/contracts/vectors/generated/log.json is out of date.");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, text);
}
