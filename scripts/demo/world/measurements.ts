import type { ConditionCode } from "./conditions.ts";
import type { Person } from "./person.ts";
import type { Random } from "./random.ts";

/** A person's usual values; single measurements scatter around them. */
export interface Levels {
  hba1c: number;
  glucose: number;
  systolic: number;
  diastolic: number;
  bmi: number;
  ldl: number;
  hdl: number;
  egfr: number;
  hemoglobin: number;
  heartRate: number;
  oxygenSaturation: number;
}

/** Draws the usual values that fit a person's age, sex and conditions. */
export function drawLevels(random: Random, person: Person): Levels {
  const hba1c = drawHba1c(random, person);
  const systolic = drawSystolic(random, person);
  const has = (code: ConditionCode): boolean => person.conditions.has(code);
  const egfr = drawEgfr(random, person);
  return {
    hba1c,
    // Estimated average glucose, Nathan et al. 2008 (ADAG): 28.7 × HbA1c − 46.7 mg/dL; fasting values lie a little lower.
    glucose: 0.94 * (28.7 * hba1c - 46.7),
    systolic,
    // Diastolic pressure follows systolic and falls after sixty (Framingham, Franklin et al. 1997).
    diastolic: 75 + 0.3 * (systolic - 124) - 0.25 * Math.max(0, person.age - 60) + random.normal(0, 6),
    bmi: has("E66.9") ? 30.4 + Math.abs(random.normal(0, 5.2)) : clamp(random.normal(25.2, 2.7), 17.5, 29.9),
    // NHANES 2017–18: mean LDL about 111 mg/dL in adults; most people with known hyperlipidaemia are treated.
    ldl: clamp(random.normal(has("E78.5") ? 119 : 109, has("E78.5") ? 36 : 28), 35, 240),
    hdl: clamp(random.normal(person.sex === "female" ? 58 : 48, 12), 22, 110),
    egfr,
    hemoglobin: drawHemoglobin(random, person),
    heartRate: clamp(random.normal(has("I48.91") || has("I50.9") ? 79 : 73, 9), 48, 120),
    oxygenSaturation: clamp(random.normal(has("J44.9") ? 93.5 : 97.2, has("J44.9") ? 2 : 1), 85, 100),
  };
}

/**
 * Known diabetes: half at 7 % or above and about one in eight above 9 % (CDC National Diabetes Statistics Report,
 * adults with diagnosed diabetes). Else mean 5.5 %, a little higher with age and weight (NHANES).
 */
function drawHba1c(random: Random, { conditions, age }: Person): number {
  if (conditions.has("E11.9")) return clamp(7 * Math.exp(random.normal(0, 0.2)), 5.4, 14);
  const mean = 5.4 + 0.006 * (age - 45) + (conditions.has("E66.9") ? 0.12 : 0);
  return clamp(random.normal(mean, 0.28), 4.3, 6.4);
}

/** Untreated means rise with age; known hypertension is mostly treated but stays higher (NHANES 2017–18). */
function drawSystolic(random: Random, { conditions, age, sex }: Person): number {
  const base = 113 + 0.28 * (age - 40) + (sex === "male" ? 3 : 0);
  if (conditions.has("I10")) return clamp(base + 15 + random.normal(0, 14), 104, 205);
  return clamp(base + random.normal(0, 9), 92, 148);
}

/** mL/min/1.73 m²: falls with age by about 0.8 a year after thirty; stages as KDIGO 2012 defines them. */
function drawEgfr(random: Random, { conditions, age }: Person): number {
  if (conditions.has("N18.4")) return 15.5 + random.uniform() * 14;
  if (conditions.has("N18.32")) return 30.5 + random.uniform() * 14;
  if (conditions.has("N18.31")) return 45.5 + random.uniform() * 14;
  return clamp(random.normal(112 - 0.8 * Math.max(0, age - 30), 11), 61, 130);
}

/** g/dL. NHANES means about 13.4 (women) and 14.9 (men); kidneys that fail make less erythropoietin. */
function drawHemoglobin(random: Random, { conditions, sex }: Person): number {
  const mean = sex === "female" ? 13.4 : 14.9;
  const loss = conditions.has("N18.4")
    ? 2
    : conditions.has("N18.32")
      ? 1.1
      : conditions.has("N18.31")
        ? 0.4
        : 0;
  const anaemia = conditions.has("D63.1") ? 1.2 : 0;
  return clamp(random.normal(mean - loss - anaemia, 1), 7.5, 18);
}

/**
 * Serum creatinine in mg/dL that gives this eGFR by the CKD-EPI 2021 equation (Inker et al. 2021), the equation solved
 * for creatinine on the branch that applies.
 */
export function creatinineFor(egfr: number, { age, sex }: Pick<Person, "age" | "sex">): number {
  const kappa = sex === "female" ? 0.7 : 0.9;
  const alpha = sex === "female" ? -0.241 : -0.302;
  const atKappa = 142 * 0.9938 ** age * (sex === "female" ? 1.012 : 1);
  const exponent = egfr > atKappa ? alpha : -1.2;
  return kappa * (egfr / atKappa) ** (1 / exponent);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
