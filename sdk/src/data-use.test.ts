import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "viem";
import { expect, test } from "vitest";
import { explainReason, permits, type ReasonName } from "./data-use.ts";
import { DataUseReason } from "./generated/constants.ts";

type Columns<T> = { [K in keyof T]: T[K][] };
type Terms = { name: string; duo: Hex; disease: Hex; purposeDisease: Hex };
/** The truth table that the Solidity library passes too; its reasons come from an oracle written apart from both. */
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../test/contracts/vectors/generated/data-use.json"), "utf8"),
) as {
  reasons: ReasonName[];
  usesPerRow: number;
  tables: Columns<Terms & { reasons: Hex }>;
  edges: Columns<Terms & { uses: Hex; reason: number }>;
};

test("the reasons have the contract's numbers", () => {
  expect(vectors.reasons).toEqual(Object.keys(DataUseReason));
});

test("decides every declared use under every terms as the truth table does", () => {
  const { tables } = vectors;
  tables.name.forEach((name, row) => {
    const terms = { duo: BigInt(tables.duo[row]!), disease: tables.disease[row]! };
    const purposeDisease = tables.purposeDisease[row]!;
    const expected = Buffer.from(tables.reasons[row]!.slice(2), "hex");
    const decided = Array.from({ length: vectors.usesPerRow }, (_, uses) =>
      permits(terms, { uses: BigInt(uses), disease: purposeDisease }),
    );
    expect(decided, name).toEqual([...expected].map((code) => vectors.reasons[code]));
  });
});

test("denies what is unknown", () => {
  const { edges } = vectors;
  edges.name.forEach((name, row) => {
    const terms = { duo: BigInt(edges.duo[row]!), disease: edges.disease[row]! };
    const purpose = { uses: BigInt(edges.uses[row]!), disease: edges.purposeDisease[row]! };
    expect(permits(terms, purpose), name).toBe(vectors.reasons[edges.reason[row]!]);
  });
});

test("has plain words for every reason", () => {
  for (const reason of vectors.reasons) expect(explainReason(reason).split(" ").length).toBeGreaterThan(4);
});
