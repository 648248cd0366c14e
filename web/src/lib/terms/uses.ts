import { DUO, MODES } from "@salus/sdk/generated/constants";

/** A use that a requester can declare and a person can allow, in the words of each. */
export interface Use {
  /** Stable name in addresses and forms. */
  id: string;
  bit: bigint;
  /** For people whose records are meant. */
  plain: string;
  plainHint: string;
  /** For people who ask for data. */
  declared: string;
}

/** Something that a requester can declare where a term asks for it. */
export interface Declared {
  id: string;
  bit: bigint;
  /** Term that asks for it. */
  asks: bigint;
  declared: string;
}

/** What may be done, one of which every purpose declares. */
export const ACTIVITIES: readonly Use[] = [
  {
    id: "health",
    bit: BigInt(DUO.USE_HEALTH),
    plain: "Learning about health and illness",
    plainHint: "Like finding out why some people get ill and others do not.",
    declared: "Research into health in general",
  },
  {
    id: "disease",
    bit: BigInt(DUO.USE_DISEASE),
    plain: "Learning about one illness",
    plainHint: "A study that looks at a single illness, like asthma.",
    declared: "Research into one disease",
  },
  {
    id: "methods",
    bit: BigInt(DUO.USE_METHODS),
    plain: "Making better ways to study health",
    plainHint: "Like teaching a computer to spot an illness sooner.",
    declared: "Development of methods",
  },
  {
    id: "ancestry",
    bit: BigInt(DUO.USE_ANCESTRY),
    plain: "Learning where families come from",
    plainHint: "Studies of how groups of people are related.",
    declared: "Research into population origins or ancestry",
  },
  {
    id: "care",
    bit: BigInt(DUO.USE_CLINICAL_CARE),
    plain: "Helping doctors look after patients",
    plainHint: "Used for the care of people today, not for a study.",
    declared: "Care of a patient",
  },
  {
    id: "general",
    bit: BigInt(DUO.USE_GENERAL),
    plain: "Other studies that are not about health",
    plainHint: "Like how a town grows.",
    declared: "Research that is not about health",
  },
];

/** Qualities of a use and of who does it. Identifying people is never offered to anyone. */
export const QUALITIES: readonly Use[] = [
  {
    id: "commercial",
    bit: BigInt(DUO.COMMERCIAL),
    plain: "People may sell what they make from it",
    plainHint: "Like a medicine or a computer program.",
    declared: "For commercial ends",
  },
  {
    id: "for-profit",
    bit: BigInt(DUO.FOR_PROFIT),
    plain: "Companies may do the work",
    plainHint: "Not only hospitals, charities and universities.",
    declared: "By a for-profit organisation",
  },
];

/** A quality that only genetic studies have; asked for where a dataset is for such studies only. */
export const GENETIC: Declared = {
  id: "genetic",
  bit: BigInt(DUO.GENETIC),
  asks: BigInt(DUO.GSO),
  declared: "It studies genotypes, alone or with other facts",
};

/** What a requester may promise the dataset's owner. Nobody's consent is asked for a promise. */
export const UNDERTAKINGS: readonly Declared[] = [
  {
    id: "will-publish",
    bit: BigInt(DUO.WILL_PUBLISH),
    asks: BigInt(DUO.PUB),
    declared: "I will make the results public",
  },
  {
    id: "will-return",
    bit: BigInt(DUO.WILL_RETURN),
    asks: BigInt(DUO.RTN),
    declared: "I will give derived data back to the dataset's owner",
  },
  {
    id: "will-wait",
    bit: BigInt(DUO.WILL_WAIT),
    asks: BigInt(DUO.MOR),
    declared: "I will publish nothing before the date that the dataset names",
  },
];

/** What terms ask a requester to declare beside the purpose: promises, and that the study is of genes. */
export function askedOf(duo: bigint): Declared[] {
  return [GENETIC, ...UNDERTAKINGS].filter(({ asks }) => (duo & asks) !== 0n);
}

/** A way in which records may be used. */
export interface Mode {
  id: string;
  bit: bigint;
  plain: string;
  plainHint: string;
  label: string;
}

export const DATASET_MODES: readonly Mode[] = [
  {
    id: "analysis",
    bit: BigInt(MODES.ANALYSIS),
    plain: "Counting and comparing",
    plainHint: "Only totals leave, never your record.",
    label: "Analysis",
  },
  {
    id: "training",
    bit: BigInt(MODES.TRAINING),
    plain: "Teaching a computer",
    plainHint: "A computer program learns from many records. Your record does not leave.",
    label: "Training a model",
  },
  {
    id: "download",
    bit: BigInt(MODES.DOWNLOAD),
    plain: "Taking a copy",
    plainHint: "Your record leaves. Nobody can get a copy back once it has been taken.",
    label: "Download",
  },
];

interface Flag {
  id: string;
  bit: bigint;
}

/** The items whose bit is set. */
export function selected<T extends Flag>(items: readonly T[], bits: bigint): T[] {
  return items.filter((item) => (bits & item.bit) !== 0n);
}

/** The bits of the items with these names; unknown names count for nothing. */
export function bitsOf(items: readonly Flag[], ids: readonly string[]): bigint {
  return items.reduce((bits, item) => (ids.includes(item.id) ? bits | item.bit : bits), 0n);
}
