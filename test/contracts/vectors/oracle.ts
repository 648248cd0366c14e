import type { Activity, Modifier, Permission, Quality, Reason } from "./duo.ts";

/** Terms and a purpose as a person would say them: names, no bits. */
export type Question = {
  permission: Permission;
  modifiers: Modifier[];
  /** The disease that disease-specific terms name, if they name one. */
  termsDisease: string | undefined;
  activities: Activity[];
  qualities: Quality[];
  /** The disease that the requester names, if any. */
  purposeDisease: string | undefined;
};

/**
 * What each permission covers, activity by activity, as in the table of version 4 of the matching algorithm of DUOS
 * (research into a disease, health, origins, methods) and the ontology's definitions. Every declared activity must be
 * covered. Methods are covered by every permission, since only DUO:0000015 (NMDS) forbids them.
 */
const COVERED: Record<Permission, readonly Activity[]> = {
  NRES: ["general", "health", "disease", "ancestry", "methods", "care"],
  GRU: ["general", "health", "disease", "ancestry", "methods"],
  HMB: ["health", "disease", "methods"],
  DS: ["disease", "methods"],
  POA: ["ancestry", "methods"],
};

const OUTSIDE: Partial<Record<Permission, Reason>> = {
  HMB: "OnlyHealthResearch",
  DS: "OnlyDiseaseResearch",
  POA: "OnlyAncestryResearch",
};

const FORBIDS: [Modifier, Quality, Reason][] = [
  ["NCU", "commercial", "CommercialUse"],
  ["NPU", "forProfit", "ForProfitOrganisation"],
  ["NO_REIDENTIFICATION", "reidentification", "Reidentification"],
];

/** The answer to well-formed terms and uses: the first rule that forbids, or `Permitted`. */
export function decide(q: Question): Reason {
  if (q.activities.length === 0) return "NoUseDeclared";
  const uncovered = q.activities.filter((activity) => !COVERED[q.permission].includes(activity));
  // Care is no research, whatever the research: its own reason comes first.
  if (uncovered.includes("care")) return "CareNotPermitted";
  if (uncovered.length > 0) return OUTSIDE[q.permission] as Reason;
  if (q.permission === "DS" && !sameDisease(q)) return "OtherDisease";
  for (const [modifier, quality, reason] of FORBIDS) {
    if (q.modifiers.includes(modifier) && q.qualities.includes(quality)) return reason;
  }
  return "Permitted";
}

/** A disease named must be the terms' own; methods alone need to name none. Terms that name none permit nothing. */
function sameDisease(q: Question): boolean {
  if (q.termsDisease === undefined) return false;
  if (q.purposeDisease === undefined) return !q.activities.includes("disease");
  return q.purposeDisease === q.termsDisease;
}
