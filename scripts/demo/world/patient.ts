import type { Bundle, Observation } from "@medplum/fhirtypes";
import { REFERENCE_DAY } from "./days.ts";
import { generatePatient } from "./generate.ts";
import { MEASUREMENTS, type MeasurementName } from "./resources.ts";

/** What the clinic enters for a prediction. Names are those of the analysis columns. */
export interface PredictionFeatures {
  /** Percent. */
  hba1c: number;
  /** kg/m². */
  "body-mass-index": number;
  /** mm[Hg]. */
  "systolic-blood-pressure": number;
  "birth-year": number;
  /** Whole years on the reference day. */
  age: number;
}

/**
 * The patient whom Greenfield Clinic asks a model about: a man of 58 with hypertension and obesity, in none of the
 * cohorts. `features` are the latest values of the bundle.
 */
export function clinicPatient(): { bundle: Bundle; features: PredictionFeatures } {
  const bundle = generatePatient({
    hospital: "st-anna",
    number: 1,
    seed: "clinic-patient",
    sex: "male",
    age: 58,
    given: "Walter",
    conditions: ["E66.9", "E11.9", "I10"],
  });
  return { bundle, features: predictionFeatures(bundle) };
}

/** The latest HbA1c, BMI and systolic pressure of a generated bundle, and the patient's age. */
export function predictionFeatures(bundle: Bundle): PredictionFeatures {
  const birthDate = (bundle.entry ?? [])
    .map(({ resource }) => resource)
    .find((resource) => resource?.resourceType === "Patient")?.birthDate;
  if (!birthDate) throw new RangeError("The bundle has no patient with a birth date.");
  const hadBirthday = birthDate.slice(5) <= REFERENCE_DAY.slice(5);
  const birthYear = Number(birthDate.slice(0, 4));
  return {
    hba1c: latest(bundle, "hba1c"),
    "body-mass-index": latest(bundle, "bmi"),
    "systolic-blood-pressure": latest(bundle, "systolic"),
    "birth-year": birthYear,
    age: Number(REFERENCE_DAY.slice(0, 4)) - birthYear - (hadBirthday ? 0 : 1),
  };
}

/** The latest value of a measurement, also where it is one component of an observation. */
export function latest(bundle: Bundle, name: MeasurementName): number {
  const [code] = MEASUREMENTS[name];
  let found: { value: number; at: string } | undefined;
  for (const { resource } of bundle.entry ?? []) {
    if (resource?.resourceType !== "Observation") continue;
    const value = valueOf(resource as Observation, code);
    const at = resource.effectiveDateTime ?? "";
    if (value !== undefined && (!found || at >= found.at)) found = { value, at };
  }
  if (!found) throw new RangeError(`The bundle has no ${name}.`);
  return found.value;
}

function valueOf(observation: Observation, code: string): number | undefined {
  return [observation, ...(observation.component ?? [])].find((part) =>
    part.code?.coding?.some((coding) => coding.code === code),
  )?.valueQuantity?.value;
}
