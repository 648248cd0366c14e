import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { append, EMPTY_FRONTIER, type Frontier, leafHash, rootOf } from "./tree.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** RFC 6962 §2.1 as it is written: recursion over the list, split at the largest power of two below its length. */
function treeHash(list: readonly Uint8Array[]): Uint8Array {
  const digest = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  if (list.length === 0) return digest();
  if (list.length === 1) return digest(Uint8Array.of(0), list[0]!);
  let k = 1;
  while (k * 2 < list.length) k *= 2;
  return digest(Uint8Array.of(1), treeHash(list.slice(0, k)), treeHash(list.slice(k)));
}

/** Inputs of the test suite of Certificate Transparency, with its published roots. */
const INPUTS = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("the log's tree", () => {
  it("has the published roots of Certificate Transparency's test vectors", () => {
    let frontier: Frontier = EMPTY_FRONTIER;
    INPUTS.forEach((input, i) => {
      frontier = append(frontier, leafHash(Buffer.from(input, "hex")));
      expect(hex(rootOf(frontier))).toBe(ROOTS[i]);
    });
  });

  it("has the recursive definition's root at every size, and of nothing the hash of nothing", () => {
    const list: Uint8Array[] = [];
    let frontier: Frontier = EMPTY_FRONTIER;
    expect(hex(rootOf(frontier))).toBe(hex(treeHash(list)));
    for (let size = 1; size <= 130; size += 1) {
      const data = Buffer.from(`entry ${size}`);
      list.push(data);
      frontier = append(frontier, leafHash(data));
      expect(frontier.size).toBe(size);
      expect(hex(rootOf(frontier)), `size ${size}`).toBe(hex(treeHash(list)));
    }
  });
});
