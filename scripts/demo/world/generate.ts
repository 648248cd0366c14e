import type { Bundle, Patient, Reference } from "@medplum/fhirtypes";
import type { ConditionCode } from "./conditions.ts";
import { dayBefore, daysBetween, REFERENCE_DAY } from "./days.ts";
import { clamp, creatinineFor, drawLevels, type Levels } from "./measurements.ts";
import { drawPrescriptions, type Prescription } from "./medications.ts";
import { drawPerson, type Person, type PersonWishes } from "./person.ts";
import { PROFILES, type HospitalSlug } from "./profiles.ts";
import { randomFrom, type Random } from "./random.ts";
import {
  bloodPressure,
  condition,
  encounter,
  observation,
  PatientChart,
  prescription,
  round,
} from "./resources.ts";

/** Changes whenever the generator's output changes. */
export const GENERATOR = "salus-demo-world/1";

/** A patient to generate. */
export interface PatientRequest extends PersonWishes {
  hospital: HospitalSlug;
  /** 1, 2, 3 …: the patient's number in the hospital. A patient does not depend on how many others there are. */
  number: number;
  /** First name in the export; one is drawn otherwise. The import removes it. */
  given?: string;
  /** Another seed gives another world. */
  seed?: string;
}

/** Where patients of a hospital live, for the address in the export. */
const COUNTRIES: Record<HospitalSlug, { country: string; city: string }> = {
  "st-anna": { country: "AT", city: "Salzbruck" },
  lakeside: { country: "CH", city: "Seewil" },
  "north-clinic": { country: "NO", city: "Nordvik" },
};

const GIVEN_NAMES = {
  female: ["Ada", "Berta", "Clara", "Dora", "Edith", "Flora", "Greta", "Hilda"],
  male: ["Adam", "Bruno", "Carl", "David", "Emil", "Felix", "Georg", "Hugo"],
};

/**
 * A FHIR R4 bundle of one invented patient, as the hospital's record system would export it (name, record number and
 * exact dates included: the import takes them away). The same request always gives the same bundle. All dates are at
 * or before {@link REFERENCE_DAY}.
 */
export function generatePatient(request: PatientRequest): Bundle {
  const { hospital, number } = request;
  const random = randomFrom(`${GENERATOR}/${request.seed ?? "demo"}/${hospital}/${number}`);
  const profile = PROFILES[hospital];
  const person = drawPerson(random, profile, request);
  const levels = drawLevels(random, person);
  const chart = new PatientChart(`https://${hospital}.example/fhir`, recordNumber(hospital, number));
  chart.add(patientResource(random, person, request));
  const knowsHba1c = person.conditions.has("E11.9") || random.chance(profile.hba1cShare);
  const visits = writeVisits(random, chart, person, levels, {
    hba1c: knowsHba1c,
    lungs: hospital === "lakeside",
  });
  writeDiagnoses(random, chart, person, visits);
  return chart.bundle();
}

/** The hospital's own number for a patient, such as ST-ANNA-0007. */
export function recordNumber(hospital: HospitalSlug, number: number): string {
  return `${hospital.toUpperCase()}-${String(number).padStart(4, "0")}`;
}

function patientResource(random: Random, person: Person, request: PatientRequest): Patient {
  const { hospital, number } = request;
  const drawn = random.pick(GIVEN_NAMES[person.sex]);
  // Born on a day that makes them `age` years old on the reference day.
  const birthDate = dayBefore(REFERENCE_DAY, Math.ceil(person.age * 365.25) + random.integer(1, 363));
  return {
    resourceType: "Patient",
    identifier: [
      {
        type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "MR" }] },
        system: `https://${hospital}.example/record-number`,
        value: recordNumber(hospital, number),
      },
    ],
    name: [{ use: "official", family: `Testperson-${number}`, given: [request.given ?? drawn] }],
    gender: person.sex,
    birthDate,
    address: [{ use: "home", ...COUNTRIES[hospital] }],
  };
}

/** A day at the hospital. */
interface Visit {
  day: string;
  reference: Reference;
}

interface Habits {
  hba1c: boolean;
  lungs: boolean;
}

/** Two to five visits in the six years before the reference day, the last within its last year. */
function writeVisits(
  random: Random,
  chart: PatientChart,
  person: Person,
  levels: Levels,
  habits: Habits,
): Visit[] {
  const count = clamp(2 + Math.floor(person.conditions.size / 2) + random.integer(0, 1), 2, 5);
  const last = random.integer(5, 330);
  const gap = Math.floor((6 * 365 - last) / count);
  const visits: Visit[] = [];
  for (let i = count - 1; i >= 0; i -= 1) {
    const day = dayBefore(
      REFERENCE_DAY,
      i === 0 ? last : last + i * gap - random.integer(0, Math.floor(gap / 2)),
    );
    const reference = chart.add(encounter(chart, day, reasonsFor(random, person.conditions)));
    const visit = { day, reference };
    writeVitals(random, chart, person, levels, visit, habits);
    if (i < 2) writeLaboratory(random, chart, person, levels, visit, habits);
    visits.push(visit);
  }
  return visits;
}

function reasonsFor(random: Random, conditions: ReadonlySet<ConditionCode>): ConditionCode[] {
  return conditions.size > 0 ? [random.pick([...conditions])] : [];
}

function writeVitals(
  random: Random,
  chart: PatientChart,
  person: Person,
  levels: Levels,
  { day, reference }: Visit,
  { lungs }: Habits,
): void {
  const bmi = levels.bmi * random.normal(1, 0.015);
  const meters = person.heightCm / 100;
  const systolic = Math.round(levels.systolic + random.normal(0, 6));
  const diastolic = Math.round(clamp(levels.diastolic + random.normal(0, 4), 42, systolic - 18));
  chart.add(bloodPressure(chart, systolic, diastolic, day, reference));
  chart.add(observation(chart, "heartRate", levels.heartRate + random.normal(0, 4), day, reference));
  chart.add(observation(chart, "weight", bmi * meters * meters, day, reference));
  chart.add(observation(chart, "bmi", bmi, day, reference));
  const oxygen = clamp(levels.oxygenSaturation + random.normal(0, 0.7), 82, 100);
  if (lungs) chart.add(observation(chart, "oxygenSaturation", oxygen, day, reference));
}

function writeLaboratory(
  random: Random,
  chart: PatientChart,
  person: Person,
  levels: Levels,
  { day, reference }: Visit,
  { hba1c }: Habits,
): void {
  const noisy = (level: number, share: number): number => level * random.normal(1, share);
  const add = (name: Parameters<typeof observation>[1], value: number): void => {
    chart.add(observation(chart, name, value, day, reference));
  };
  const ldl = noisy(levels.ldl, 0.06);
  const egfr = round(noisy(levels.egfr, 0.01), 0);
  const measured = noisy(levels.hba1c, 0.02);
  if (hba1c) add("hba1c", measured);
  add("glucose", noisy(levels.glucose, 0.06));
  add("ldl", ldl);
  // Friedewald et al. 1972: total = LDL + HDL + triglycerides / 5; 25 mg/dL stands for the last term.
  add("cholesterol", ldl + levels.hdl + noisy(25, 0.2));
  add("creatinine", creatinineFor(egfr, person));
  add("egfr", egfr);
  add("hemoglobin", noisy(levels.hemoglobin, 0.02));
}

/** Conditions begin up to eight years before they are first recorded, in adult life; treatment starts at once. */
function writeDiagnoses(random: Random, chart: PatientChart, person: Person, visits: readonly Visit[]): void {
  const recordedAt = new Map<ConditionCode, Visit>();
  for (const code of person.conditions) {
    const visit = random.pick(visits.slice(0, Math.max(1, visits.length - 1)));
    const adultDays = Math.floor((person.age - 17) * 365) - daysBetween(visit.day, REFERENCE_DAY);
    const onset = dayBefore(visit.day, random.integer(0, clamp(adultDays, 0, 8 * 365)));
    recordedAt.set(code, visit);
    chart.add(condition(chart, code, onset, visit.day, visit.reference));
  }
  for (const item of drawPrescriptions(random, person.conditions)) writePrescription(chart, item, recordedAt);
}

function writePrescription(
  chart: PatientChart,
  item: Prescription,
  recordedAt: ReadonlyMap<ConditionCode, Visit>,
): void {
  const visit = recordedAt.get(item.condition);
  if (visit) chart.add(prescription(chart, item, visit.day, visit.reference));
}
