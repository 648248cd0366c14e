import type { Address, Hex } from "viem";
import type { ConsentSlot } from "../consent/types.ts";
import { coversUses } from "../data-use.ts";
import { SalusError } from "../errors.ts";
import { MODES } from "../generated/constants.ts";
import {
  consentBasis,
  contributorLeaf,
  excludedLeaf,
  recordLeaf,
  type ConsentLeaf,
  type ContributorLeaf,
  type ExcludedLeaf,
  type RecordLeaf,
} from "../trees/leaves.ts";
import { leafRoot } from "../trees/tree.ts";

/** Why a subject whom the chain permits is left out. */
export const exclusionReasons = { revocationReceived: 1, veto: 2, erased: 3 } as const;

/** What a cohort is computed from; anyone can gather it from events, leaf files and the exclusion file. */
export type CohortInput = {
  records: readonly RecordLeaf[];
  consents: readonly ConsentLeaf[];
  /** slots at the grant block, by lower-case subject */
  slotsAtGrant: ReadonlyMap<string, ConsentSlot>;
  /** slots at the consent block, by lower-case subject */
  slotsAtConsent: ReadonlyMap<string, ConsentSlot>;
  /** declared uses of the order, as bits of `DUO` */
  uses: bigint;
  /** mode that the order needs, one bit of `MODES` */
  mode: number;
  /** modes of the dataset (`Cfg.modes`); two bits of them ask more of a word, see {@link isConsentGiven} */
  datasetModes: number;
  /** time of the consent block, in seconds */
  time: number;
  /** reasons by lower-case subject: revocations received but not yet mined, vetoes */
  excluded: ReadonlyMap<string, number>;
};

/** The subjects of a version who permit an order, with the roots that its receipt names. */
export type Cohort = {
  records: RecordLeaf[];
  contributors: ContributorLeaf[];
  /** only subjects whom the chain would permit */
  excluded: ExcludedLeaf[];
  inputRoot: Hex;
  contributorsRoot: Hex;
  excludedRoot: Hex;
  totalWeight: bigint;
};

/**
 * The cohort of an order: subjects permitted at both blocks, minus the excluded.
 *
 * A leaf of the version's consent root speaks only while its subject's slot was never written; afterwards the slot alone
 * decides, in every later version.
 * @throws SDK_CONSENT_MISSING when a record has no consent leaf
 */
export function computeCohort(input: CohortInput): Cohort {
  const leaves = new Map(input.consents.map((leaf) => [leaf.subject.toLowerCase(), leaf]));
  const permitted = input.records.filter((record) => isPermitted(input, leafOf(leaves, record.subject)));
  const kept = permitted.filter(({ subject }) => !input.excluded.has(subject.toLowerCase()));
  const contributors = kept.map(({ subject }) => ({ subject, weight: leafOf(leaves, subject).weight }));
  const excluded = permitted
    .filter(({ subject }) => input.excluded.has(subject.toLowerCase()))
    .map(({ subject }) => ({ subject, reason: input.excluded.get(subject.toLowerCase())! }));
  return {
    records: kept,
    contributors,
    excluded,
    inputRoot: leafRoot(recordLeaf, kept),
    contributorsRoot: leafRoot(contributorLeaf, contributors),
    excludedRoot: leafRoot(excludedLeaf, excluded),
    totalWeight: contributors.reduce((sum, { weight }) => sum + BigInt(weight), 0n),
  };
}

/**
 * Whether one subject's standing word permits uses in a mode at a time. In a two-person dataset only a word with the
 * two-person bit counts; in a dataset that asks for subject-signed words, a leaf that the custodian attests does not.
 */
export function isConsentGiven(
  leaf: Pick<ConsentLeaf, "purposes" | "modes" | "expiry" | "basis">,
  slot: ConsentSlot | undefined,
  order: Pick<CohortInput, "uses" | "mode" | "time" | "datasetModes">,
): boolean {
  const written = slot !== undefined && slot.changedAt !== 0;
  if (!written && !isBasisTaken(leaf.basis, order.datasetModes)) return false;
  const word = written ? slot : leaf;
  const needed = order.mode | (order.datasetModes & MODES.TWO_PERSON);
  const everyUse = coversUses(word.purposes, order.uses);
  return everyUse && order.mode !== 0 && (word.modes & needed) === needed && word.expiry > order.time;
}

/** Whether a dataset of these modes takes leaves of a basis. */
export function isBasisTaken(basis: number, datasetModes: number): boolean {
  return basis === consentBasis.subjectSigned || (datasetModes & MODES.SUBJECT_SIGNED) === 0;
}

function isPermitted(input: CohortInput, leaf: ConsentLeaf): boolean {
  const subject = leaf.subject.toLowerCase();
  return (
    isConsentGiven(leaf, input.slotsAtGrant.get(subject), input) &&
    isConsentGiven(leaf, input.slotsAtConsent.get(subject), input)
  );
}

function leafOf(leaves: ReadonlyMap<string, ConsentLeaf>, subject: Address): ConsentLeaf {
  const leaf = leaves.get(subject.toLowerCase());
  if (leaf) return leaf;
  throw new SalusError({
    code: "SDK_CONSENT_MISSING",
    message: `Subject ${subject} has a record and no consent leaf.`,
    details: { subject },
  });
}
