import type { Address, Hex } from "viem";
import { describe, expect, it } from "vitest";
import { compareVersions, countChanges, parseChangesFile, writeChangesFile } from "./changes-file.ts";
import type { ManifestEntry } from "./manifest.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const person = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;

/** A version in which each of `records` is [subject, record id]. */
const version = (...records: [number, number][]) => ({
  entries: records.map(
    ([subject, recordId]) =>
      ({ leaf: { subject: person(subject), recordId: word(recordId) } }) as unknown as ManifestEntry,
  ),
});

describe("what a version changed", () => {
  const changes = compareVersions(
    version([1, 10], [0xab, 20], [3, 30], [5, 50]),
    version([0xab, 21], [4, 40], [1, 10], [2, 60], [5, 50]),
  );

  it("are the subjects added, changed and withdrawn, ascending, and nobody else", () => {
    expect(changes).toEqual([
      { subject: person(2), change: "added" },
      { subject: person(3), change: "withdrawn" },
      { subject: person(4), change: "added" },
      { subject: person(0xab), change: "changed" },
    ]);
    expect(countChanges(changes)).toEqual({ added: 2, changed: 1, withdrawn: 1 });
    expect(compareVersions(version([1, 10]), version([1, 10]))).toEqual([]);
  });

  it("is a file of JSON lines, read back as it was written", () => {
    const about = { chainId: 31337, registry: person(0xcd), dataset: 7n, version: 3, since: 2 };
    const { bytes } = writeChangesFile({ ...about, changes });
    expect(new TextDecoder().decode(bytes)).toBe(
      [
        `{"chainId":31337,"count":4,"dataset":"7","format":"salus-changes","formatVersion":1,"registry":"${person(0xcd)}","since":2,"version":3}`,
        `{"change":"added","subject":"${person(2)}"}`,
        `{"change":"withdrawn","subject":"${person(3)}"}`,
        `{"change":"added","subject":"${person(4)}"}`,
        `{"change":"changed","subject":"${person(0xab)}"}`,
        "",
      ].join("\n"),
    );
    expect(parseChangesFile(bytes)).toEqual({ ...about, changes });
  });

  it("is refused with another kind of change, or fewer lines than it announces", () => {
    const about = { chainId: 31337, registry: person(0xcd), dataset: 7n, version: 3, since: 2 };
    const text = new TextDecoder().decode(writeChangesFile({ ...about, changes }).bytes);
    for (const wrong of [text.replace('"added"', '"moved"'), text.slice(0, text.lastIndexOf("{"))]) {
      expect(() => parseChangesFile(new TextEncoder().encode(wrong))).toThrow(
        expect.objectContaining({ code: "SDK_FILE_MALFORMED" }),
      );
    }
  });
});
