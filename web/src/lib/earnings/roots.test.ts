import { describe, expect, it } from "vitest";
import { indexedRoot, isChecking, linksOthers } from "./roots.ts";

const root = (name: string, epoch: number, fault: string | null = null) =>
  ({ root: `0x${name}`, epoch: String(epoch), fault }) as never;
const account = (...roots: never[]) => ({ roots }) as never;

describe("what is being checked", () => {
  it("is a newer sum that nobody has shown to be wrong", () => {
    expect(isChecking(account(root("b", 7), root("a", 5)), { epoch: 5 })).toBe(true);
    expect(isChecking(account(root("b", 7, "Omission"), root("a", 5)), { epoch: 5 })).toBe(false);
    expect(isChecking(account(root("a", 5)), { epoch: 5 })).toBe(false);
    expect(isChecking(account(root("a", 5)), undefined)).toBe(true);
  });

  it("is found by the chain's own root, however it is spelled", () => {
    expect(indexedRoot(account(root("AB", 7), root("cd", 5)), { hash: "0xab" })).toMatchObject({
      epoch: "7",
    });
    expect(indexedRoot(account(root("cd", 5)), { hash: "0xab" })).toBeUndefined();
  });
});

describe("an address", () => {
  it("links two places when money of another place went there before", () => {
    const paid = (datasetId: string) => ({ account: { datasetId } });
    expect(linksOthers([paid("0xAA")], "0xaa")).toBe(false);
    expect(linksOthers([paid("0xaa"), paid("0xbb")], "0xaa")).toBe(true);
    expect(linksOthers([], "0xaa")).toBe(false);
  });
});
