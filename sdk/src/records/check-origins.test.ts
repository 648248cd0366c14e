import type { Address, Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { RecordLeaf } from "../trees/leaves.ts";
import { assertOrigins } from "./check-origins.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const person = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;

/** Record `n` as version `originVersion` listed it first. */
function entryOf(n: number, originVersion: number, change: Partial<RecordLeaf> = {}): ManifestEntry {
  const leaf = {
    recordId: word(n),
    subject: person(n),
    content: word(1000 + n),
    size: 2000n,
    keyCommitment: word(2000 + n),
    shareCommitments: word(3000 + n),
    schema: word(4000),
    originVersion,
    ...change,
  };
  return { leaf, commitments: [word(1), word(2)] };
}

const manifestOf = (version: number, entries: ManifestEntry[]): Manifest => ({
  chainId: 31337,
  registry: person(99),
  dataset: 7n,
  version,
  gateways: [1, 2],
  threshold: 2,
  entries,
});

// Record 1 is of version 1, 2 of version 2; record 3 was in version 1 and left in version 2.
const first = manifestOf(1, [entryOf(1, 1), entryOf(3, 1)]);
const second = manifestOf(2, [entryOf(1, 1), entryOf(2, 2)]);
const earlier = new Map([
  [1, first],
  [2, second],
]);
const third =
  (...entries: ManifestEntry[]) =>
  () =>
    assertOrigins(manifestOf(3, entries), earlier);
const wrong = (message: RegExp, record: number) =>
  expect.objectContaining({
    code: "SDK_ORIGIN_WRONG",
    message: expect.stringMatching(message),
    details: { recordId: word(record) },
  });
const refusal = (check: () => void): unknown => {
  try {
    check();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("where a version's records come from", () => {
  it("is this version, or the one that each leaf names", () => {
    expect(refusal(third(entryOf(1, 1), entryOf(2, 2), entryOf(4, 3)))).toBeUndefined();
    // Spelled otherwise it is the same leaf.
    const capitals = { recordId: word(0xab).toUpperCase().replace("0X", "0x") as Hex };
    const known = manifestOf(1, [entryOf(0xab, 1)]);
    const check = () => assertOrigins(manifestOf(2, [entryOf(0xab, 1, capitals)]), new Map([[1, known]]));
    expect(refusal(check)).toBeUndefined();
    // Who left may come back as they were.
    expect(refusal(third(entryOf(3, 1)))).toBeUndefined();
  });

  it("is not this version for a ciphertext that an earlier one holds, under its own id or another", () => {
    expect(refusal(third(entryOf(1, 3)))).toEqual(wrong(/a ciphertext of version 1 without naming it/, 1));
    const renamed = entryOf(9, 3, { content: word(1002) });
    expect(refusal(third(renamed))).toEqual(wrong(/a ciphertext of version 2 without naming it/, 9));
  });

  it("is not a version that holds no such record, nor a later one", () => {
    expect(refusal(third(entryOf(1, 2, {})))).toEqual(wrong(/is not the one of version 2/, 1));
    expect(refusal(third(entryOf(2, 1)))).toEqual(wrong(/names version 1, which holds no such record/, 2));
    expect(refusal(third(entryOf(8, 1)))).toEqual(wrong(/holds no such record/, 8));
    expect(refusal(third(entryOf(1, 4)))).toEqual(wrong(/a later one/, 1));
  });

  it.each<[string, Partial<RecordLeaf>]>([
    ["subject", { subject: person(50) }],
    ["ciphertext", { content: word(50) }],
    ["size", { size: 2001n }],
    ["key", { keyCommitment: word(50) }],
    ["key shares", { shareCommitments: word(50) }],
    ["schema", { schema: word(50) }],
  ])("is not an earlier version when the %s is another than there", (_, change) => {
    expect(refusal(third(entryOf(1, 1, change)))).toEqual(wrong(/is not the one of version 1/, 1));
  });
});
