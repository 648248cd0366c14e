import type { Hex } from "viem";
import { DUO, DataUseReason } from "./generated/constants.ts";

/** Name of the rule that decided; `Permitted` where none forbids. */
export type ReasonName = keyof typeof DataUseReason;

/** What a requester declares: uses as bits of {@link DUO}, disease as digest or zero. */
export type DeclaredPurpose = { uses: bigint; disease: Hex };

/** A dataset's terms as far as they decide on a purpose. */
export type UseTerms = { duo: bigint; disease: Hex };

const NO_DISEASE: Hex = `0x${"00".repeat(32)}`;

/**
 * Whether terms permit a purpose, and if not the first rule that forbids it. Twin of the Solidity library `DataUse`;
 * both pass the same vectors.
 */
export function permits(terms: UseTerms, purpose: DeclaredPurpose): ReasonName {
  const malformed = wellFormed(terms.duo, purpose.uses);
  if (malformed !== "Permitted") return malformed;
  const reason = permission(terms, purpose);
  return reason === "Permitted" ? modifiers(terms.duo, purpose.uses) : reason;
}

function wellFormed(duo: bigint, uses: bigint): ReasonName {
  if (duo & ~DUO.KNOWN_TERMS) return "UnknownTerm";
  if (duo & ~(DUO.PERMISSIONS | DUO.DECIDED_MODIFIERS)) return "UndecidedTerm";
  const chosen = duo & DUO.PERMISSIONS;
  if (chosen === 0n || chosen & (chosen - 1n)) return "PermissionNotSingle";
  if (uses & ~DUO.KNOWN_USES) return "UnknownUse";
  return uses & DUO.ACTIVITIES ? "Permitted" : "NoUseDeclared";
}

/** Methods are within every permission: only NMDS, not decided on yet, would forbid them (DUOS V4). */
function permission({ duo, disease }: UseTerms, purpose: DeclaredPurpose): ReasonName {
  const activities = purpose.uses & DUO.ACTIVITIES;
  const beyond = (covered: bigint) => (activities & ~(covered | DUO.USE_METHODS)) !== 0n;
  if (duo & DUO.NRES) return "Permitted";
  if (activities & DUO.USE_CLINICAL_CARE) return "CareNotPermitted";
  if (duo & DUO.GRU) return "Permitted";
  if (duo & DUO.HMB) return beyond(DUO.USE_HEALTH | DUO.USE_DISEASE) ? "OnlyHealthResearch" : "Permitted";
  if (duo & DUO.POA) return beyond(DUO.USE_ANCESTRY) ? "OnlyAncestryResearch" : "Permitted";
  if (beyond(DUO.USE_DISEASE)) return "OnlyDiseaseResearch";
  return sameDisease(disease, purpose) ? "Permitted" : "OtherDisease";
}

/** A disease that is named must be the terms' own; methods alone need to name none. */
function sameDisease(disease: Hex, purpose: DeclaredPurpose): boolean {
  if (disease === NO_DISEASE) return false;
  if (purpose.disease === NO_DISEASE) return (purpose.uses & DUO.USE_DISEASE) === 0n;
  return purpose.disease === disease;
}

function modifiers(duo: bigint, uses: bigint): ReasonName {
  if (duo & DUO.NCU && uses & DUO.COMMERCIAL) return "CommercialUse";
  if (duo & DUO.NPU && uses & DUO.FOR_PROFIT) return "ForProfitOrganisation";
  if (duo & DUO.NO_REIDENTIFICATION && uses & DUO.REIDENTIFICATION) return "Reidentification";
  return "Permitted";
}

const EXPLANATIONS: Record<ReasonName, string> = {
  Permitted: "the terms permit this purpose",
  UnknownTerm: "the terms hold a rule that is not known, so nothing is permitted",
  UndecidedTerm: "the terms hold a rule that cannot be checked yet, so nothing is permitted",
  PermissionNotSingle: "the terms do not state exactly one permission",
  UnknownUse: "the purpose names a use that is not known",
  NoUseDeclared: "the purpose does not say what is done with the data",
  CareNotPermitted: "these data are for research, not for the care of patients",
  OnlyHealthResearch: "these data are for health research only",
  OnlyDiseaseResearch: "these data are for research into one disease only",
  OtherDisease: "these data are for research into another disease",
  OnlyAncestryResearch: "these data are for research into population origins only",
  CommercialUse: "these data may not be used for commercial ends",
  ForProfitOrganisation: "these data may be used by not-for-profit organisations only",
  Reidentification: "nobody may try to find out who the people behind these data are",
};

/** The rule in plain words, to be put after “because”. */
export function explainReason(reason: ReasonName): string {
  return EXPLANATIONS[reason];
}
