import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSavedState } from "./chain.ts";

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "salus-chain-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const copy = (name: string, head: number): void =>
  writeFileSync(
    join(folder, name),
    gzipSync(JSON.stringify({ best_block_number: head, blocks: Array(500).fill(head) })),
  );
const tear = (name: string): void =>
  writeFileSync(join(folder, name), gzipSync(JSON.stringify({ best_block_number: 9 })).subarray(0, 20));
const head = (): number | undefined => {
  const json = readSavedState(folder, (line) => said.push(line));
  return json && (JSON.parse(json.toString()) as { best_block_number: number }).best_block_number;
};

describe("readSavedState", () => {
  it("has nothing to resume in an empty folder", () => {
    expect(head()).toBeUndefined();
  });

  it("takes the newest copy", () => {
    copy("state.json.gz", 7);
    copy("state.previous.json.gz", 5);
    expect(head()).toBe(7);
    expect(said).toEqual([]);
  });

  it("takes the copy under its passing name when a crash came between the renames", () => {
    copy("state.json.gz.next", 8);
    copy("state.previous.json.gz", 7);
    expect(head()).toBe(8);
  });

  it("falls back to the copy before a torn one, and says so", () => {
    tear("state.json.gz");
    copy("state.previous.json.gz", 5);
    expect(head()).toBe(5);
    expect(said.join()).toMatch(/damaged/);
  });

  it("starts no new chain in place of one that cannot be read", () => {
    tear("state.json.gz");
    tear("state.previous.json.gz");
    expect(head).toThrowError(expect.objectContaining({ code: "STACK_CHAIN_STATE" }));
  });
});
