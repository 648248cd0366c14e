import { describe, expect, it } from "vitest";
import type { Address } from "viem";
import type { ConsentSlot } from "../consent/types.ts";
import type { ConsentLeaf, RecordLeaf } from "../trees/leaves.ts";
import { computeCohort } from "./compute-cohort.ts";

/*
 * Oracle: design §5, row by row. A word is who said it (leaf basis, or a slot), whether with the two-person bit (8); a
 * dataset asks for more by its modes: 8 = two persons, 32 = no attested leaf. The numbers are written out.
 */
const SIGNED = 0;
const ATTESTED = 1;
const zero = `0x${"00".repeat(32)}` as const;

type Word = { leaf?: number; leafModes?: number; slotModes?: number; denied?: boolean; nonceOnly?: boolean };

function subjectAt(i: number): Address {
  return `0x${(i + 1).toString(16).padStart(40, "0")}`;
}

function cohortOf(words: readonly Word[], datasetModes: number): number[] {
  const consents: ConsentLeaf[] = words.map(({ leaf = SIGNED, leafModes = 1 }, i) => ({
    subject: subjectAt(i),
    purposes: 2n,
    modes: leafModes,
    expiry: 200,
    basis: leaf,
    evidence: zero,
    weight: 1,
    originVersion: 1,
  }));
  const records = words.map(
    (_, i) =>
      ({
        recordId: `0x${(i + 1).toString(16).padStart(64, "0")}`,
        subject: subjectAt(i),
        content: zero,
        size: 1n,
        keyCommitment: zero,
        shareCommitments: zero,
        schema: zero,
        originVersion: 1,
      }) satisfies RecordLeaf,
  );
  const slots = new Map<string, ConsentSlot>(
    words.flatMap(({ slotModes, denied, nonceOnly }, i) => {
      const unwritten = { purposes: 0n, expiry: 0, modes: 0, nonce: 1, changedAt: 0 };
      if (nonceOnly) return [[subjectAt(i), unwritten] as const];
      const modes = denied ? 0 : slotModes;
      if (modes === undefined) return [];
      const slot = { purposes: denied ? 0n : 2n, expiry: denied ? 0 : 200, modes, nonce: 1, changedAt: 5 };
      return [[subjectAt(i), slot] as const];
    }),
  );
  const order = { uses: 2n, mode: 1, datasetModes, time: 100 };
  const cohort = computeCohort({
    ...order,
    records,
    consents,
    slotsAtGrant: slots,
    slotsAtConsent: slots,
    excluded: new Map(),
  });
  return cohort.contributors.map(({ subject }) => Number(BigInt(subject)) - 1);
}

const words: Word[] = [
  { leaf: SIGNED },
  { leaf: ATTESTED },
  { leaf: SIGNED, leafModes: 1 | 8 },
  { leaf: ATTESTED, leafModes: 1 | 8 },
  { leaf: ATTESTED, slotModes: 1 },
  { leaf: ATTESTED, slotModes: 1 | 8 },
  { leaf: SIGNED, leafModes: 1 | 8, slotModes: 1 },
  { leaf: SIGNED, leafModes: 1 | 8, denied: true },
];

describe("the cohort", () => {
  it("takes every standing word in an ordinary dataset, whatever its basis", () => {
    expect(cohortOf(words, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("takes only words of two persons in a two-person dataset", () => {
    // A slot that one person wrote silences the leaf that two had signed.
    expect(cohortOf(words, 7 | 8)).toEqual([2, 3, 5]);
  });

  it("takes no attested leaf where the dataset refuses that basis, but what such subjects wrote since", () => {
    expect(cohortOf(words, 7 | 32)).toEqual([0, 2, 4, 5, 6]);
  });

  it("takes what both rules leave", () => {
    expect(cohortOf(words, 7 | 8 | 32)).toEqual([2, 5]);
  });

  it("follows the slot in every later version once it was written: the leaf is not asked again", () => {
    const later: Word[] = [
      { leaf: SIGNED, leafModes: 7, denied: true },
      { leaf: SIGNED, leafModes: 0, slotModes: 1 },
    ];
    expect(cohortOf(later, 7)).toEqual([1]);
  });

  it("asks the leaf while the slot's nonce alone was raised: naming a proxy is no word about consent", () => {
    expect(cohortOf([{ leaf: SIGNED, nonceOnly: true }], 7)).toEqual([0]);
  });
});
