import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "viem";
import { describe, expect, test } from "vitest";
import { coversUses, datesOf, explainReason, packDates, permits, type ReasonName } from "./data-use.ts";
import { DUO, DataUseReason } from "./generated/constants.ts";

type Columns<T> = { [K in keyof T]: T[K][] };
type Terms = { name: string; duo: Hex; disease: Hex; purposeDisease: Hex; shown: Hex; reasons: Hex };
/** The truth table that the Solidity library passes too; its reasons come from an oracle written apart from both. */
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../test/contracts/vectors/generated/data-use.json"), "utf8"),
) as {
  reasons: ReasonName[];
  usesPerRow: number;
  tables: Columns<Terms>;
  disease: Hex;
  dates: Hex;
  cases: Columns<{ uses: Hex; shown: Hex; time: number; until: number }>;
  modifiers: Columns<{ name: string; duo: Hex; reasons: Hex }>;
  edges: Columns<{ name: string; duo: Hex; dates: Hex; uses: Hex; reason: number }>;
};
const ZERO: Hex = `0x${"00".repeat(32)}`;
const reasonsOf = (bytes: Hex) =>
  [...Buffer.from(bytes.slice(2), "hex")].map((code) => vectors.reasons[code]);

test("the reasons have the contract's numbers", () => {
  expect(vectors.reasons).toEqual(Object.keys(DataUseReason));
});

test("decides every declared use under every terms as the truth table does", () => {
  const { tables } = vectors;
  expect(tables.name.length).toBe(178);
  tables.name.forEach((name, row) => {
    const terms = { duo: BigInt(tables.duo[row]!), disease: tables.disease[row]!, dates: 0n };
    const disease = tables.purposeDisease[row]!;
    const around = { shown: BigInt(tables.shown[row]!), time: 0, until: 0 };
    const decided = Array.from({ length: vectors.usesPerRow }, (_, uses) =>
      permits(terms, { uses: BigInt(uses), disease }, around),
    );
    expect(decided, name).toEqual(reasonsOf(tables.reasons[row]!));
  });
});

test("decides every modifier, alone and in pairs, as the truth table does", () => {
  const { modifiers, cases, disease } = vectors;
  expect(modifiers.name.length).toBe(276);
  const asked = cases.uses.map((uses, i) => ({
    purpose: { uses: BigInt(uses), disease },
    around: { shown: BigInt(cases.shown[i]!), time: cases.time[i]!, until: cases.until[i]! },
  }));
  modifiers.name.forEach((name, row) => {
    const terms = { duo: BigInt(modifiers.duo[row]!), disease, dates: BigInt(vectors.dates) };
    const decided = asked.map(({ purpose, around }) => permits(terms, purpose, around));
    expect(decided, name).toEqual(reasonsOf(modifiers.reasons[row]!));
  });
});

test("denies what is unknown or incomplete", () => {
  const { edges } = vectors;
  edges.name.forEach((name, row) => {
    const terms = { duo: BigInt(edges.duo[row]!), disease: ZERO, dates: BigInt(edges.dates[row]!) };
    const around = { shown: 2n ** 128n - 1n, time: 0, until: 0 };
    const reason = permits(terms, { uses: BigInt(edges.uses[row]!), disease: ZERO }, around);
    expect(reason, name).toBe(vectors.reasons[edges.reason[row]!]);
  });
});

/*
 * Version 4 of DUOS's matching algorithm (DataBiosphere/consent-ontology), rule by rule: what it decides for a dataset of
 * one primary term and a purpose of one kind. Where no rule of it speaks (research that is not about health on disease or
 * origins data; anything about care) it approves by default or abstains, and there is no row.
 */
describe("agrees with DUOS V4", () => {
  const X = vectors.disease;
  const OTHER: Hex = `0x${"22".repeat(32)}`;
  const DATASETS = { GRU: DUO.GRU, HMB: DUO.HMB, DS: DUO.DS, POA: DUO.POA };
  const PURPOSES = {
    "the disease": { uses: DUO.USE_DISEASE, disease: X, shown: 0n },
    "a descendant": { uses: DUO.USE_DISEASE, disease: OTHER, shown: DUO.DS },
    "another disease": { uses: DUO.USE_DISEASE, disease: OTHER, shown: 0n },
    health: { uses: DUO.USE_HEALTH, disease: ZERO, shown: 0n },
    origins: { uses: DUO.USE_ANCESTRY, disease: ZERO, shown: 0n },
    methods: { uses: DUO.USE_METHODS, disease: ZERO, shown: 0n },
    "methods for the disease": { uses: DUO.USE_METHODS | DUO.USE_DISEASE, disease: X, shown: 0n },
    "methods for another": { uses: DUO.USE_METHODS | DUO.USE_DISEASE, disease: OTHER, shown: 0n },
    general: { uses: DUO.USE_GENERAL, disease: ZERO, shown: 0n },
  };
  const APPROVES: Record<keyof typeof PURPOSES, Partial<Record<keyof typeof DATASETS, boolean>>> = {
    "the disease": { GRU: true, HMB: true, DS: true, POA: false },
    "a descendant": { GRU: true, HMB: true, DS: true, POA: false },
    "another disease": { GRU: true, HMB: true, DS: false, POA: false },
    health: { GRU: true, HMB: true, DS: false, POA: false },
    origins: { GRU: true, HMB: false, DS: false, POA: true },
    methods: { GRU: true, HMB: true, DS: true, POA: true },
    "methods for the disease": { GRU: true, HMB: true, DS: true, POA: false },
    "methods for another": { GRU: true, HMB: true, DS: false, POA: false },
    general: { GRU: true, HMB: false },
  };
  const rows = Object.entries(APPROVES).flatMap(([purpose, answers]) =>
    Object.entries(answers).map(([dataset, approves]) => [purpose, dataset, approves] as const),
  );

  test.each(rows)("%s on %s data: %s", (purpose, dataset, approves) => {
    const { shown, ...declared } = PURPOSES[purpose as keyof typeof PURPOSES];
    const terms = { duo: DATASETS[dataset as keyof typeof DATASETS], disease: X, dates: 0n };
    expect(permits(terms, declared, { shown, time: 0, until: 0 }) === "Permitted").toBe(approves);
    // A use for profit is refused on not-for-profit data, whatever else holds; one that is not is decided as before.
    const npu = { ...terms, duo: terms.duo | DUO.NPU };
    const profit = { ...declared, uses: declared.uses | DUO.FOR_PROFIT };
    const commercial = { ...declared, uses: declared.uses | DUO.COMMERCIAL };
    const around = { shown, time: 0, until: 0 };
    expect(permits(npu, declared, around) === "Permitted").toBe(approves);
    expect(permits(npu, profit, around)).not.toBe("Permitted");
    expect(permits(npu, commercial, around)).not.toBe("Permitted");
  });
});

test("packs the ends of moratorium and use as the contract does", () => {
  expect(packDates({ moratorium: 1, use: 2 })).toBe(0x10000000002n);
  expect(datesOf({ dates: 0x10000000002n })).toEqual({ moratorium: 1, use: 2 });
  expect(BigInt(vectors.dates)).toBe(packDates({ moratorium: 2_000_000_000, use: 2_100_000_000 }));
});

test("asks no subject for what a requester undertakes", () => {
  expect(coversUses(0b10n, 0b10n | (0b111n << 10n))).toBe(true);
  expect(coversUses(0b10n, 0b110n)).toBe(false);
  expect(coversUses(0b10n, 0b10n | (1n << 9n))).toBe(false);
  expect(coversUses(2n ** 128n - 1n, 2n ** 128n - 1n)).toBe(true);
});

test("has plain words for every reason", () => {
  for (const reason of vectors.reasons) expect(explainReason(reason).split(" ").length).toBeGreaterThan(4);
});
