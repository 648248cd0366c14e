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

/** Modifiers of the Data Use Ontology, and the protocol's own. */
export const MODIFIERS = {
  /** DUO:0000012, research-specific restrictions. */
  RS: 5,
  /** DUO:0000015, no methods research. */
  NMDS: 6,
  /** DUO:0000016, genetic studies only. */
  GSO: 7,
  /** DUO:0000018, not for profit and not commercial. */
  NPUNCU: 8,
  /** DUO:0000019, publication required. */
  PUB: 9,
  /** DUO:0000020, collaboration required. */
  COL: 10,
  /** DUO:0000021, ethics approval required. */
  IRB: 11,
  /** DUO:0000022, geographical restriction. */
  GS: 12,
  /** DUO:0000024, publication moratorium. */
  MOR: 13,
  /** DUO:0000025, time limit on use. */
  TS: 14,
  /** DUO:0000026, user-specific restriction. */
  US: 15,
  /** DUO:0000027, project-specific restriction. */
  PS: 16,
  /** DUO:0000028, institution-specific restriction. */
  IS: 17,
  /** DUO:0000029, return to database or resource. */
  RTN: 18,
  /** DUO:0000043, clinical care use: the one modifier that adds a use. */
  CC: 19,
  /** DUO:0000044, research into origins or ancestry prohibited. */
  NPOA: 20,
  /** DUO:0000045, not-for-profit organisations only. */
  NPU: 21,
  /** DUO:0000046, no commercial use. */
  NCU: 22,
  /** Salus: no attempt to identify a person. */
  NO_REIDENTIFICATION: 23,
} as const;

/** What a requester may declare to do. */
export const ACTIVITIES = { general: 0, health: 1, disease: 2, ancestry: 3, methods: 4, care: 5 } as const;

/** What a requester may declare about the use and about themselves, and what they may undertake. */
export const QUALITIES = {
  commercial: 6,
  forProfit: 7,
  reidentification: 8,
  genetic: 9,
  willPublish: 10,
  willReturn: 11,
  willWait: 12,
} as const;

/** Reasons in the order of their codes. */
export const REASONS = [
  "Permitted",
  "UnknownTerm",
  "TermsIncomplete",
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
  "MethodsNotPermitted",
  "OnlyGeneticStudies",
  "CommercialOrForProfit",
  "AncestryNotPermitted",
  "PublicationNotPromised",
  "ReturnNotPromised",
  "MoratoriumNotAccepted",
  "TimeLimitExceeded",
  "RestrictionNotAttested",
  "CollaborationNotAttested",
  "EthicsApprovalMissing",
  "CountryNotPermitted",
  "UserNotAttested",
  "ProjectNotAttested",
  "InstitutionNotAttested",
] as const;

export type Reason = (typeof REASONS)[number];
export type Permission = keyof typeof PERMISSIONS;
export type Modifier = keyof typeof MODIFIERS;
export type Activity = keyof typeof ACTIVITIES;
export type Quality = keyof typeof QUALITIES;
