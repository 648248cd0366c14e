import type { ConditionCode } from "./conditions.ts";
import type { Random } from "./random.ts";

/** A medicine by its RxNorm ingredient (RXCUI). */
export interface Medicine {
  rxnorm: string;
  name: string;
}

const MEDICINES = {
  metformin: { rxnorm: "6809", name: "metformin" },
  glipizide: { rxnorm: "4821", name: "glipizide" },
  lisinopril: { rxnorm: "29046", name: "lisinopril" },
  amlodipine: { rxnorm: "17767", name: "amlodipine" },
  hydrochlorothiazide: { rxnorm: "5487", name: "hydrochlorothiazide" },
  atorvastatin: { rxnorm: "83367", name: "atorvastatin" },
  aspirin: { rxnorm: "1191", name: "aspirin" },
  metoprolol: { rxnorm: "6918", name: "metoprolol" },
  furosemide: { rxnorm: "4603", name: "furosemide" },
  spironolactone: { rxnorm: "9997", name: "spironolactone" },
  warfarin: { rxnorm: "11289", name: "warfarin" },
  albuterol: { rxnorm: "435", name: "albuterol" },
  budesonide: { rxnorm: "19831", name: "budesonide" },
  tiotropium: { rxnorm: "69120", name: "tiotropium" },
  sertraline: { rxnorm: "36437", name: "sertraline" },
  tamoxifen: { rxnorm: "10324", name: "tamoxifen" },
} as const satisfies Record<string, Medicine>;

/** For each condition, what is prescribed and to what share of the patients who have it. */
const TREATMENTS: Partial<Record<ConditionCode, readonly [keyof typeof MEDICINES, number][]>> = {
  "E11.9": [
    ["metformin", 0.8],
    ["glipizide", 0.2],
  ],
  I10: [
    ["lisinopril", 0.5],
    ["amlodipine", 0.4],
    ["hydrochlorothiazide", 0.25],
  ],
  "E78.5": [["atorvastatin", 0.65]],
  "I25.10": [
    ["aspirin", 0.75],
    ["metoprolol", 0.6],
    ["atorvastatin", 0.7],
  ],
  "I50.9": [
    ["furosemide", 0.7],
    ["spironolactone", 0.35],
    ["metoprolol", 0.5],
  ],
  "I48.91": [["warfarin", 0.4]],
  "N18.4": [["furosemide", 0.5]],
  "J45.909": [
    ["albuterol", 0.85],
    ["budesonide", 0.5],
  ],
  "J44.9": [
    ["tiotropium", 0.6],
    ["albuterol", 0.7],
  ],
  "F32.A": [["sertraline", 0.5]],
  "C50.919": [["tamoxifen", 0.5]],
};

/** A prescription and the condition it is for. */
export interface Prescription {
  medicine: Medicine;
  condition: ConditionCode;
}

/**
 * Draws what a person with these conditions takes; each medicine once, for the first condition that asks for it.
 * Metformin is not given in stage 4 kidney disease (FDA label: contraindicated below 30 mL/min/1.73 m²).
 */
export function drawPrescriptions(random: Random, conditions: ReadonlySet<ConditionCode>): Prescription[] {
  const taken = new Map<string, Prescription>();
  for (const condition of conditions) {
    for (const [name, share] of TREATMENTS[condition] ?? []) {
      const wanted = random.chance(share);
      if (!wanted || taken.has(name) || (name === "metformin" && conditions.has("N18.4"))) continue;
      taken.set(name, { medicine: MEDICINES[name], condition });
    }
  }
  return [...taken.values()];
}
