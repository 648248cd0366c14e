import { describe, expect, it } from "vitest";
import { append, EMPTY_FRONTIER, type Frontier, rootOf } from "./frontier.ts";
import { leafHash } from "./hashes.ts";
import { INPUTS, ROOTS } from "./vectors.fixture.ts";
import { treeHash } from "./oracle.fixture.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

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
