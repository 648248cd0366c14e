/**
 * The vocabulary of the data-use vectors: which bit stands for which term or use. Written from the Data Use Ontology
 * and the protocol's bit layout, apart from `DataUse.sol` and from its TypeScript twin.
 */

/** Permissions of the Data Use Ontology and what each lets a requester do. */
export const PERMISSIONS = {
  /** DUO:0000004, no restriction. */
  NRES: 0,
  /** DUO:0000042, general research use: any research purpose. */
  GRU: 1,
  /** DUO:0000006, health, medical and biomedical research; not the study of origins or ancestry. */
  HMB: 2,
  /** DUO:0000007, research into one disease. */
  DS: 3,
  /** DUO:0000011, research into population origins or ancestry only. */
  POA: 4,
} as const;

/** Modifiers that the contracts decide on. */
export const DECIDED = {
  /** DUO:0000045, not-for-profit organisations only. */
  NPU: 21,
  /** DUO:0000046, no commercial use. */
  NCU: 22,
  /** Salus: no attempt to identify a person. */
  NO_REIDENTIFICATION: 23,
} as const;

/** Modifiers that are known but not decided on yet: whoever sets one permits nothing. */
export const UNDECIDED = {
  RS: 5,
  NMDS: 6,
  GSO: 7,
  NPUNCU: 8,
  PUB: 9,
  COL: 10,
  IRB: 11,
  GS: 12,
  MOR: 13,
  TS: 14,
  US: 15,
  PS: 16,
  IS: 17,
  RTN: 18,
  CC: 19,
  NPOA: 20,
} as const;

/** What a requester may declare to do. */
export const ACTIVITIES = { general: 0, health: 1, disease: 2, ancestry: 3, methods: 4, care: 5 } as const;

/** What a requester may declare about the use and about themselves. */
export const QUALITIES = { commercial: 6, forProfit: 7, reidentification: 8 } as const;

/** Reasons in the order of their codes. */
export const REASONS = [
  "Permitted",
  "UnknownTerm",
  "UndecidedTerm",
  "PermissionNotSingle",
  "UnknownUse",
  "NoUseDeclared",
  "CareNotPermitted",
  "OnlyHealthResearch",
  "OnlyDiseaseResearch",
  "OtherDisease",
  "OnlyAncestryResearch",
  "CommercialUse",
  "ForProfitOrganisation",
  "Reidentification",
] as const;

export type Reason = (typeof REASONS)[number];
export type Permission = keyof typeof PERMISSIONS;
export type Modifier = keyof typeof DECIDED;
export type Activity = keyof typeof ACTIVITIES;
export type Quality = keyof typeof QUALITIES;
