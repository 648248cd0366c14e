import type { Hex } from "viem";
import { DUO, DataUseReason } from "./generated/constants.ts";

/** Name of the rule that decided; `Permitted` where none forbids. */
export type ReasonName = keyof typeof DataUseReason;

/** What a requester declares: uses as bits of {@link DUO}, disease as digest or zero. */
export type DeclaredPurpose = { uses: bigint; disease: Hex };

/** A dataset's terms as far as they decide on a purpose; `dates` as in the terms, `moratorium40 use40`. */
export type UseTerms = { duo: bigint; disease: Hex; dates: bigint };

/** What a decision rests on beside terms and purpose. */
export type Circumstances = {
  /** what evidence shows, at the bits of the terms that ask for it; see `shownBy` of `DataUseAuthority` */
  shown: bigint;
  /** moment of the decision, in seconds */
  time: number;
  /** when the use ends, in seconds */
  until: number;
};

const NO_DISEASE: Hex = `0x${"00".repeat(32)}`;

/**
 * Whether terms permit a purpose, and if not the first rule that forbids it. Twin of the Solidity library `DataUse`;
 * both pass the same vectors.
 */
export function permits(terms: UseTerms, purpose: DeclaredPurpose, around: Circumstances): ReasonName {
  const { duo } = terms;
  const { uses } = purpose;
  const rules: (() => ReasonName)[] = [
    () => wellFormed(terms, uses),
    () => permission(terms, purpose, around.shown),
    () => declared(duo, uses),
    () => timed(terms, uses, around),
    () => evidenced(duo, around.shown),
  ];
  for (const rule of rules) {
    const reason = rule();
    if (reason !== "Permitted") return reason;
  }
  return "Permitted";
}

/** When a dataset's moratorium on publications and its time limit on uses end, in seconds; 0 for none. */
export function datesOf({ dates }: Pick<UseTerms, "dates">): { moratorium: number; use: number } {
  return { moratorium: Number(dates >> 40n), use: Number(dates & ((1n << 40n) - 1n)) };
}

/** The `dates` of terms, from the ends in seconds. */
export function packDates({ moratorium = 0, use = 0 }: { moratorium?: number; use?: number }): bigint {
  return (BigInt(moratorium) << 40n) | BigInt(use);
}

/** Whether a subject's word, a set of uses, covers what a requester declares. Twin of `DataUse.covers`. */
export function coversUses(permitted: bigint, uses: bigint): boolean {
  return (uses & ~DUO.UNDERTAKINGS & ~permitted) === 0n;
}

function wellFormed({ duo, dates }: UseTerms, uses: bigint): ReasonName {
  if (duo & ~DUO.KNOWN_TERMS) return "UnknownTerm";
  const ends = datesOf({ dates });
  if ((duo & DUO.MOR && ends.moratorium === 0) || (duo & DUO.TS && ends.use === 0)) return "TermsIncomplete";
  const chosen = duo & DUO.PERMISSIONS;
  if (chosen === 0n || chosen & (chosen - 1n)) return "PermissionNotSingle";
  if (uses & ~DUO.KNOWN_USES) return "UnknownUse";
  return uses & DUO.ACTIVITIES ? "Permitted" : "NoUseDeclared";
}

/** Methods are within every permission: only NMDS forbids them (DUOS V4). CC adds care to any permission. */
function permission({ duo, disease }: UseTerms, purpose: DeclaredPurpose, shown: bigint): ReasonName {
  if (duo & DUO.NRES) return "Permitted";
  const care = purpose.uses & DUO.USE_CLINICAL_CARE;
  if (care && !(duo & DUO.CC)) return "CareNotPermitted";
  const activities = purpose.uses & DUO.ACTIVITIES & ~DUO.USE_CLINICAL_CARE;
  const beyond = (covered: bigint) => (activities & ~(covered | DUO.USE_METHODS)) !== 0n;
  if (duo & DUO.GRU) return "Permitted";
  if (duo & DUO.HMB) return beyond(DUO.USE_HEALTH | DUO.USE_DISEASE) ? "OnlyHealthResearch" : "Permitted";
  if (duo & DUO.POA) return beyond(DUO.USE_ANCESTRY) ? "OnlyAncestryResearch" : "Permitted";
  if (beyond(DUO.USE_DISEASE)) return "OnlyDiseaseResearch";
  return withinDisease(disease, purpose, shown) ? "Permitted" : "OtherDisease";
}

/** A disease that is named must be the terms' own or descend from it; methods alone need to name none. */
function withinDisease(disease: Hex, purpose: DeclaredPurpose, shown: bigint): boolean {
  if (disease === NO_DISEASE) return false;
  if (purpose.disease === NO_DISEASE) return !(purpose.uses & (DUO.USE_DISEASE | DUO.USE_CLINICAL_CARE));
  return purpose.disease === disease || (shown & DUO.DS) !== 0n;
}

/** Modifiers that what is declared can break, in the order of the chain: `forbidden` must not be declared, `asked` must. */
const DECLARED: readonly { term: bigint; reason: ReasonName; forbidden?: bigint; asked?: bigint }[] = [
  { term: DUO.NCU, forbidden: DUO.COMMERCIAL, reason: "CommercialUse" },
  { term: DUO.NPU, forbidden: DUO.FOR_PROFIT | DUO.COMMERCIAL, reason: "ForProfitOrganisation" },
  { term: DUO.NO_REIDENTIFICATION, forbidden: DUO.REIDENTIFICATION, reason: "Reidentification" },
  { term: DUO.NMDS, forbidden: DUO.USE_METHODS, reason: "MethodsNotPermitted" },
  { term: DUO.GSO, asked: DUO.GENETIC, reason: "OnlyGeneticStudies" },
  { term: DUO.NPUNCU, forbidden: DUO.COMMERCIAL | DUO.FOR_PROFIT, reason: "CommercialOrForProfit" },
  { term: DUO.NPOA, forbidden: DUO.USE_ANCESTRY, reason: "AncestryNotPermitted" },
  { term: DUO.PUB, asked: DUO.WILL_PUBLISH, reason: "PublicationNotPromised" },
  { term: DUO.RTN, asked: DUO.WILL_RETURN, reason: "ReturnNotPromised" },
];

function declared(duo: bigint, uses: bigint): ReasonName {
  const broken = DECLARED.find(({ term, forbidden = 0n, asked }) => {
    if (!(duo & term)) return false;
    return (uses & forbidden) !== 0n || (asked !== undefined && (uses & asked) === 0n);
  });
  return broken?.reason ?? "Permitted";
}

function timed(terms: UseTerms, uses: bigint, { time, until }: Circumstances): ReasonName {
  const ends = datesOf(terms);
  const waits = (uses & DUO.WILL_WAIT) !== 0n;
  if (terms.duo & DUO.MOR && time < ends.moratorium && !waits) return "MoratoriumNotAccepted";
  return terms.duo & DUO.TS && until > ends.use ? "TimeLimitExceeded" : "Permitted";
}

/** Modifiers whose condition only evidence can meet, and the reason where it is missing, in the order of the chain. */
export const EVIDENCE_REASONS: readonly (readonly [term: bigint, reason: ReasonName])[] = [
  [DUO.RS, "RestrictionNotAttested"],
  [DUO.COL, "CollaborationNotAttested"],
  [DUO.IRB, "EthicsApprovalMissing"],
  [DUO.GS, "CountryNotPermitted"],
  [DUO.US, "UserNotAttested"],
  [DUO.PS, "ProjectNotAttested"],
  [DUO.IS, "InstitutionNotAttested"],
];

function evidenced(duo: bigint, shown: bigint): ReasonName {
  return EVIDENCE_REASONS.find(([term]) => duo & term & ~shown)?.[1] ?? "Permitted";
}

const EXPLANATIONS: Record<ReasonName, string> = {
  Permitted: "the terms permit this purpose",
  UnknownTerm: "the terms hold a rule that is not known, so nothing is permitted",
  TermsIncomplete: "the terms lack a date that one of their rules needs, so nothing is permitted",
  PermissionNotSingle: "the terms do not state exactly one permission",
  UnknownUse: "the purpose names a use that is not known",
  NoUseDeclared: "the purpose does not say what is done with the data",
  CareNotPermitted: "these data are for research, not for the care of patients",
  OnlyHealthResearch: "these data are for health research only",
  OnlyDiseaseResearch: "these data are for research into one disease only",
  OtherDisease: "these data are for research into another disease",
  OnlyAncestryResearch: "these data are for research into population origins only",
  CommercialUse: "these data may not be used for commercial ends",
  ForProfitOrganisation: "these data may be used by not-for-profit organisations and not for profit only",
  Reidentification: "nobody may try to find out who the people behind these data are",
  MethodsNotPermitted: "these data may not be used to develop methods",
  OnlyGeneticStudies: "these data are for studies of genotypes only",
  CommercialOrForProfit: "these data may be used neither for commercial ends nor by for-profit organisations",
  AncestryNotPermitted: "these data may not be used for research into population origins",
  PublicationNotPromised: "the results must be published, and the purpose does not undertake it",
  ReturnNotPromised: "derived data must be returned to the database, and the purpose does not undertake it",
  MoratoriumNotAccepted:
    "nothing may be published before a date that is to come, and the purpose does not undertake to wait",
  TimeLimitExceeded: "the use would end after the date until which these data may be used",
  RestrictionNotAttested:
    "these data are for certain research only, and no listed issuer attests that this is such",
  CollaborationNotAttested: "these data ask for a collaboration, and no listed issuer attests one",
  EthicsApprovalMissing: "these data ask for an ethics approval of this very use, and none was shown",
  CountryNotPermitted: "these data may not be used in this country",
  UserNotAttested: "these data are for certain users only, and no listed issuer attests this one",
  ProjectNotAttested: "these data are for certain projects only, and no listed issuer attests this one",
  InstitutionNotAttested:
    "these data are for certain institutions only, and no listed issuer attests this one",
};

/** The rule in plain words, to be put after “because”. */
export function explainReason(reason: ReasonName): string {
  return EXPLANATIONS[reason];
}
