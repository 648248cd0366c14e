/** Sex as FHIR's administrative gender; the generator draws these two. */
export type Sex = "female" | "male";

/** ICD-10-CM code of a condition that the generator knows. */
export type ConditionCode =
  | "E66.9"
  | "E11.9"
  | "I10"
  | "E78.5"
  | "N18.31"
  | "N18.32"
  | "N18.4"
  | "I25.10"
  | "I50.9"
  | "I48.91"
  | "J45.909"
  | "J44.9"
  | "F32.A"
  | "C50.919"
  | "D63.1";

/** How often a condition is found, and what makes it more likely. */
export interface ConditionModel {
  code: ConditionCode;
  display: string;
  /** Share of women and men aged 18–44, 45–64 and 65 or more who have it. */
  prevalence: readonly [number, number, number];
  only?: Sex;
  /** Odds ratios given a condition that stands earlier in the list. */
  odds?: Partial<Record<ConditionCode, number>>;
}

/**
 * The conditions, each after those that it depends on. Shares are of US adults, rounded:
 * obesity NCHS Data Brief 360 (NHANES 2017–18); diabetes CDC National Diabetes Statistics Report (diagnosed);
 * hypertension NCHS Data Brief 364 (NHANES 2017–18: 22.4 %, 54.5 %, 74.5 % at 18–39, 40–59, 60+);
 * hyperlipidaemia CDC BRFSS (told of high cholesterol); kidney disease stage 3 and above CDC CKD Surveillance System
 * (NHANES); coronary disease, asthma, COPD and depression CDC NHIS / BRFSS; heart failure and atrial fibrillation AHA
 * Heart Disease and Stroke Statistics; breast cancer NCI SEER (prevalence).
 * Odds ratios are of the size that cohort studies report. They are for plausibility: nothing may be learned from them.
 *
 * One code stands for one condition. A coder would write I12.9 or E11.22 where kidney disease meets hypertension or
 * diabetes; here the single codes stand side by side, so that a count of I10 counts hypertension.
 */
export const CONDITIONS: readonly ConditionModel[] = [
  { code: "E66.9", display: "Obesity, unspecified", prevalence: [0.38, 0.45, 0.41] },
  {
    code: "E11.9",
    display: "Type 2 diabetes mellitus without complications",
    prevalence: [0.03, 0.14, 0.24],
    odds: { "E66.9": 2.5 },
  },
  {
    code: "I10",
    display: "Essential (primary) hypertension",
    prevalence: [0.22, 0.5, 0.7],
    odds: { "E66.9": 1.6, "E11.9": 1.6 },
  },
  {
    code: "E78.5",
    display: "Hyperlipidemia, unspecified",
    prevalence: [0.16, 0.38, 0.5],
    odds: { "E11.9": 1.6, "E66.9": 1.2 },
  },
  {
    code: "N18.31",
    display: "Chronic kidney disease, stage 3a",
    prevalence: [0.004, 0.035, 0.14],
    odds: { "E11.9": 2, I10: 1.6 },
  },
  {
    code: "N18.32",
    display: "Chronic kidney disease, stage 3b",
    prevalence: [0.002, 0.012, 0.06],
    odds: { "E11.9": 2, I10: 1.6 },
  },
  {
    code: "N18.4",
    display: "Chronic kidney disease, stage 4 (severe)",
    prevalence: [0.001, 0.004, 0.012],
    odds: { "E11.9": 2, I10: 1.8 },
  },
  {
    code: "I25.10",
    display: "Atherosclerotic heart disease of native coronary artery without angina pectoris",
    prevalence: [0.008, 0.06, 0.17],
    odds: { "E11.9": 2, I10: 1.6, "E78.5": 1.8 },
  },
  {
    code: "I50.9",
    display: "Heart failure, unspecified",
    prevalence: [0.004, 0.02, 0.07],
    odds: { "I25.10": 3, I10: 1.8, "E11.9": 1.6 },
  },
  {
    code: "I48.91",
    display: "Unspecified atrial fibrillation",
    prevalence: [0.004, 0.02, 0.09],
    odds: { "I50.9": 3, I10: 1.4 },
  },
  { code: "J45.909", display: "Unspecified asthma, uncomplicated", prevalence: [0.085, 0.085, 0.07] },
  {
    code: "J44.9",
    display: "Chronic obstructive pulmonary disease, unspecified",
    prevalence: [0.02, 0.07, 0.12],
    odds: { "J45.909": 2.5 },
  },
  {
    code: "F32.A",
    display: "Depression, unspecified",
    prevalence: [0.14, 0.15, 0.11],
    odds: { "I25.10": 1.4, "J44.9": 1.4 },
  },
  {
    code: "C50.919",
    display: "Malignant neoplasm of unspecified site of unspecified female breast",
    prevalence: [0.003, 0.022, 0.055],
    only: "female",
  },
  {
    code: "D63.1",
    display: "Anemia in chronic kidney disease",
    prevalence: [0, 0, 0],
    odds: {},
  },
];

/** Kidney disease has one stage at a time. */
export const KIDNEY_STAGES: readonly ConditionCode[] = ["N18.31", "N18.32", "N18.4"];

/** The English name of a condition as ICD-10-CM gives it. */
export function conditionName(code: ConditionCode): string {
  return CONDITIONS.find((condition) => condition.code === code)?.display ?? code;
}
