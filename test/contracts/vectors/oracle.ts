import type { Activity, Modifier, Permission, Quality, Reason } from "./duo.ts";

/** Terms, a purpose and what surrounds them as a person would say it: names and dates, no bits. */
export type Question = {
  permission: Permission;
  modifiers: readonly Modifier[];
  /** The disease that disease-specific terms name, if they name one. */
  termsDisease?: string | undefined;
  moratoriumEnds?: number | undefined;
  useEnds?: number | undefined;
  activities: readonly Activity[];
  qualities: readonly Quality[];
  /** The disease that the requester names, if any. */
  purposeDisease?: string | undefined;
  /** Conditions for which good evidence was shown. */
  shown?: readonly (Modifier | "descent")[];
  /** Now, and when the use ends. */
  time?: number;
  until?: number;
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

const declares = (...names: (Activity | Quality)[]) => {
  return (q: Question) =>
    names.some((name) => ([...q.activities, ...q.qualities] as string[]).includes(name));
};
const lacks = (name: Quality) => (q: Question) => !q.qualities.includes(name);
const unshown = (name: Modifier) => (q: Question) => !(q.shown ?? []).includes(name);

/** Each modifier, when it forbids, and its reason; the first that forbids is the answer. */
const RULES: [Modifier, (q: Question) => boolean, Reason][] = [
  ["NCU", declares("commercial"), "CommercialUse"],
  ["NPU", declares("forProfit", "commercial"), "ForProfitOrganisation"],
  ["NO_REIDENTIFICATION", declares("reidentification"), "Reidentification"],
  ["NMDS", declares("methods"), "MethodsNotPermitted"],
  ["GSO", lacks("genetic"), "OnlyGeneticStudies"],
  ["NPUNCU", declares("commercial", "forProfit"), "CommercialOrForProfit"],
  ["NPOA", declares("ancestry"), "AncestryNotPermitted"],
  ["PUB", lacks("willPublish"), "PublicationNotPromised"],
  ["RTN", lacks("willReturn"), "ReturnNotPromised"],
  ["MOR", (q) => q.time! < q.moratoriumEnds! && lacks("willWait")(q), "MoratoriumNotAccepted"],
  ["TS", (q) => q.until! > q.useEnds!, "TimeLimitExceeded"],
  ["RS", unshown("RS"), "RestrictionNotAttested"],
  ["COL", unshown("COL"), "CollaborationNotAttested"],
  ["IRB", unshown("IRB"), "EthicsApprovalMissing"],
  ["GS", unshown("GS"), "CountryNotPermitted"],
  ["US", unshown("US"), "UserNotAttested"],
  ["PS", unshown("PS"), "ProjectNotAttested"],
  ["IS", unshown("IS"), "InstitutionNotAttested"],
];

/** The answer to well-formed terms and uses: the first rule that forbids, or `Permitted`. */
export function decide(q: Question): Reason {
  const holds = (modifier: Modifier) => q.modifiers.includes(modifier);
  if (holds("MOR") && !q.moratoriumEnds) return "TermsIncomplete";
  if (holds("TS") && !q.useEnds) return "TermsIncomplete";
  if (q.activities.length === 0) return "NoUseDeclared";
  const covered: Activity[] = [...COVERED[q.permission], ...(holds("CC") ? (["care"] as const) : [])];
  const uncovered = q.activities.filter((activity) => !covered.includes(activity));
  // Care is no research, whatever the research: its own reason comes first.
  if (uncovered.includes("care")) return "CareNotPermitted";
  if (uncovered.length > 0) return OUTSIDE[q.permission] as Reason;
  if (q.permission === "DS" && !withinDisease(q)) return "OtherDisease";
  return RULES.find(([modifier, forbids]) => holds(modifier) && forbids(q))?.[2] ?? "Permitted";
}

/**
 * A disease named must be the terms' own or one that descends from it; methods alone need to name none. Terms that name
 * none permit nothing.
 */
function withinDisease(q: Question): boolean {
  if (q.termsDisease === undefined) return false;
  if (q.purposeDisease === undefined) return q.activities.every((activity) => activity === "methods");
  return q.purposeDisease === q.termsDisease || (q.shown ?? []).includes("descent");
}
