import type { HospitalSlug } from "@salus/sdk/local/personas";
import type { ConditionCode } from "./conditions.ts";

export type { HospitalSlug };

/** Whom a hospital treats: its patients' ages and how much more often than elsewhere it sees a condition. */
export interface HospitalProfile {
  age: { mean: number; deviation: number };
  femaleShare: number;
  /** Odds ratios against the general population: who comes to this hospital. */
  odds: Partial<Record<ConditionCode, number>>;
  /** Share of patients without diabetes whose HbA1c is known all the same. */
  hba1cShare: number;
}

export const PROFILES: Record<HospitalSlug, HospitalProfile> = {
  // Diabetes and cardiology.
  "st-anna": {
    age: { mean: 60, deviation: 13 },
    femaleShare: 0.5,
    odds: { "E11.9": 3.2, "I25.10": 2.6, I10: 1.3, "E78.5": 1.4, "I48.91": 1.8 },
    hba1cShare: 0.9,
  },
  // Lungs and general medicine, all ages.
  lakeside: {
    age: { mean: 54, deviation: 17 },
    femaleShare: 0.54,
    odds: { "J45.909": 4, "J44.9": 4, "E11.9": 2, "F32.A": 1.4, "C50.919": 1.6 },
    hba1cShare: 0.85,
  },
  // Kidneys and heart, the oldest patients.
  "north-clinic": {
    age: { mean: 67, deviation: 12 },
    femaleShare: 0.47,
    odds: {
      "N18.31": 3,
      "N18.32": 4.5,
      "N18.4": 6,
      "I50.9": 3.2,
      "I25.10": 1.6,
      "E11.9": 1.4,
      "I48.91": 1.6,
    },
    hba1cShare: 0.8,
  },
};
