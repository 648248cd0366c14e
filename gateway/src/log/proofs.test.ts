import { describe, expect, it } from "vitest";
import { toHex } from "@salus/sdk/crypto/bytes";
import { append, EMPTY_FRONTIER, type Frontier } from "@salus/sdk/log/frontier";
import { leafHash } from "@salus/sdk/log/hashes";
import { auditPath, consistencyPath, entries, treeHash } from "@salus/sdk/log/oracle.fixture";
import { CONSISTENCY, INCLUSION, INPUTS } from "@salus/sdk/log/vectors.fixture";
import {
  consistencyProof,
  inclusionProof,
  inclusionProofs,
  nodeName,
  type NodeReader,
  rootAt,
} from "./proofs.ts";

/** Nodes of a log as the gateway stores them, in memory; counts what is read. */
function storeOf(list: readonly Uint8Array[]) {
  const nodes = new Map<string, Uint8Array>();
  let frontier: Frontier = EMPTY_FRONTIER;
  list.forEach((data, index) => {
    const leaf = leafHash(data);
    nodes.set(nodeName({ level: 0, index }), leaf);
    frontier = append(frontier, leaf, (node) => nodes.set(nodeName(node), node.hash));
  });
  const asked: string[] = [];
  const read: NodeReader = async (keys) => {
    asked.push(...keys.map(nodeName));
    return new Map(
      keys.flatMap((key) => (nodes.has(nodeName(key)) ? [[nodeName(key), nodes.get(nodeName(key))!]] : [])),
    );
  };
  return { nodes, read, asked };
}

const list = entries(70);

describe("proofs from stored nodes", () => {
  const vectors = storeOf(INPUTS.map((input) => Buffer.from(input, "hex")));

  it.each(INCLUSION)(
    "are those of the reference tests (leaf $index of $size)",
    async ({ index, size, proof }) => {
      expect(await inclusionProof(vectors.read, index, size)).toEqual(proof.map((hash) => `0x${hash}`));
    },
  );

  it.each(CONSISTENCY)(
    "are those of the reference tests ($first to $second)",
    async ({ first, second, proof }) => {
      expect(await consistencyProof(vectors.read, first, second)).toEqual(proof.map((hash) => `0x${hash}`));
    },
  );

  it("are the recursive definition's for every leaf and every two sizes", async () => {
    const { read } = storeOf(list);
    for (let size = 1; size <= list.length; size += 1) {
      const tree = list.slice(0, size);
      expect(await rootAt(read, size)).toBe(toHex(treeHash(tree)));
      const indexes = tree.map((_, index) => index);
      const paths = indexes.map((index) => auditPath(index, tree).map(toHex));
      expect(await inclusionProofs(read, indexes, size)).toEqual(paths);
      for (let first = 1; first <= size; first += 1) {
        expect(await consistencyProof(read, first, size)).toEqual(consistencyPath(first, tree).map(toHex));
      }
    }
    expect(await rootAt(read, 0)).toBe(toHex(treeHash([])));
  });

  it("read a number of nodes that grows with the logarithm of the log", async () => {
    const size = 50_000;
    const { read, asked } = storeOf(entries(size));
    const most = 2 * Math.ceil(Math.log2(size));
    for (const index of [0, 1, 24_999, 32_768, 49_998, 49_999]) {
      asked.length = 0;
      await inclusionProof(read, index, size);
      expect(asked.length).toBeLessThanOrEqual(most);
      asked.length = 0;
      await consistencyProof(read, index + 1, size);
      expect(asked.length).toBeLessThanOrEqual(most);
    }
  });

  it("that need a lost node are refused, and say which", async () => {
    const { read, nodes } = storeOf(list);
    nodes.delete("0/6");
    await expect(inclusionProof(read, 7, 70)).rejects.toMatchObject({
      code: "GATEWAY_LOG_DAMAGED",
      message: "The log has lost node 6 of level 0.",
    });
  });
});
