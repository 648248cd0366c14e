import type {
  Bundle,
  CodeableConcept,
  Condition,
  Encounter,
  MedicationRequest,
  Observation,
  Patient,
  Quantity,
  Reference,
  Resource,
} from "@medplum/fhirtypes";
import { conditionName, type ConditionCode } from "./conditions.ts";
import type { Prescription } from "./medications.ts";

const LOINC = "http://loinc.org";
const UCUM = "http://unitsofmeasure.org";
const ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm";
const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
const HL7 = "http://terminology.hl7.org/CodeSystem";

/** What the generator measures: LOINC code and name, UCUM unit, decimals that are reported. */
export const MEASUREMENTS = {
  hba1c: ["4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 1],
  glucose: ["2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 0],
  systolic: ["8480-6", "Systolic blood pressure", "mm[Hg]", 0],
  diastolic: ["8462-4", "Diastolic blood pressure", "mm[Hg]", 0],
  height: ["8302-2", "Body height", "cm", 1],
  weight: ["29463-7", "Body weight", "kg", 1],
  bmi: ["39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", 1],
  heartRate: ["8867-4", "Heart rate", "/min", 0],
  oxygenSaturation: ["59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", 0],
  ldl: ["13457-7", "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation", "mg/dL", 0],
  cholesterol: ["2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 0],
  creatinine: ["2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 2],
  egfr: [
    "98979-8",
    "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by " +
      "Creatinine-based formula (CKD-EPI 2021)",
    "mL/min/{1.73_m2}",
    0,
  ],
  hemoglobin: ["718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 1],
} as const satisfies Record<string, readonly [string, string, string, number]>;

export type MeasurementName = keyof typeof MEASUREMENTS;

const VITAL: ReadonlySet<MeasurementName> = new Set<MeasurementName>([
  "height",
  "weight",
  "bmi",
  "heartRate",
  "oxygenSaturation",
]);

/** Collects one patient's resources as a hospital would export them. */
export class PatientChart {
  readonly #base: string;
  readonly #entries: Resource[] = [];
  readonly #counts = new Map<string, number>();
  readonly #number: string;
  readonly subject: Reference<Patient>;

  /** `base` is the hospital's FHIR address, `number` the patient's record number. */
  constructor(base: string, number: string) {
    this.#base = base;
    this.#number = number;
    this.subject = { reference: `Patient/${number}` };
  }

  add<T extends Resource>(resource: T): Reference {
    const id = resource.resourceType === "Patient" ? this.#number : this.#nextId(resource.resourceType);
    this.#entries.push({ ...resource, id });
    return { reference: `${resource.resourceType}/${id}` };
  }

  bundle(): Bundle {
    return {
      resourceType: "Bundle",
      type: "collection",
      entry: this.#entries.map((resource) => ({
        fullUrl: `${this.#base}/${resource.resourceType}/${resource.id ?? ""}`,
        resource,
      })),
    } as Bundle;
  }

  #nextId(type: string): string {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    return `${this.#number}-${type.toLowerCase()}-${count}`;
  }
}

export function encounter(chart: PatientChart, day: string, reasons: readonly ConditionCode[]): Encounter {
  return {
    resourceType: "Encounter",
    status: "finished",
    class: { system: `${HL7}/v3-ActCode`, code: "AMB", display: "ambulatory" },
    subject: chart.subject,
    period: { start: day, end: day },
    ...(reasons.length > 0 ? { reasonCode: reasons.map(icd10) } : {}),
  };
}

export function condition(
  chart: PatientChart,
  code: ConditionCode,
  onset: string,
  recorded: string,
  seen: Reference,
): Condition {
  return {
    resourceType: "Condition",
    clinicalStatus: { coding: [{ system: `${HL7}/condition-clinical`, code: "active" }] },
    verificationStatus: { coding: [{ system: `${HL7}/condition-ver-status`, code: "confirmed" }] },
    category: [{ coding: [{ system: `${HL7}/condition-category`, code: "encounter-diagnosis" }] }],
    code: icd10(code),
    subject: chart.subject,
    encounter: seen as Condition["encounter"],
    onsetDateTime: onset,
    recordedDate: recorded,
  } as Condition;
}

export function prescription(
  chart: PatientChart,
  { medicine, condition: reason }: Prescription,
  day: string,
  seen: Reference,
): MedicationRequest {
  return {
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    medicationCodeableConcept: {
      coding: [{ system: RXNORM, code: medicine.rxnorm, display: medicine.name }],
    },
    subject: chart.subject,
    encounter: seen as MedicationRequest["encounter"],
    authoredOn: day,
    reasonCode: [icd10(reason)],
  } as MedicationRequest;
}

/** One measured value. */
export function observation(
  chart: PatientChart,
  name: MeasurementName,
  value: number,
  day: string,
  seen: Reference,
): Observation {
  return {
    ...observationBase(chart, loinc(name), VITAL.has(name), day, seen),
    valueQuantity: quantity(name, value),
  } as Observation;
}

/** A blood pressure reading: one observation with two components, as FHIR's vital signs profile asks. */
export function bloodPressure(
  chart: PatientChart,
  systolic: number,
  diastolic: number,
  day: string,
  seen: Reference,
): Observation {
  const panel = {
    coding: [{ system: LOINC, code: "85354-9", display: "Blood pressure panel with all children optional" }],
  };
  return {
    ...observationBase(chart, panel, true, day, seen),
    component: [
      { code: loinc("systolic"), valueQuantity: quantity("systolic", systolic) },
      { code: loinc("diastolic"), valueQuantity: quantity("diastolic", diastolic) },
    ],
  } as Observation;
}

function observationBase(
  chart: PatientChart,
  code: CodeableConcept,
  vital: boolean,
  day: string,
  seen: Reference,
): object {
  const category = vital ? "vital-signs" : "laboratory";
  return {
    resourceType: "Observation",
    status: "final",
    category: [{ coding: [{ system: `${HL7}/observation-category`, code: category }] }],
    code,
    subject: chart.subject,
    encounter: seen,
    effectiveDateTime: day,
  };
}

function loinc(name: MeasurementName): CodeableConcept {
  const [code, display] = MEASUREMENTS[name];
  return { coding: [{ system: LOINC, code, display }] };
}

function quantity(name: MeasurementName, value: number): Quantity {
  const [, , unit, decimals] = MEASUREMENTS[name];
  return { value: round(value, decimals), unit, system: UCUM, code: unit };
}

/** Rounds to what a laboratory reports, which also makes the last bits of a platform's exp and pow not matter. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function icd10(code: ConditionCode): CodeableConcept {
  return { coding: [{ system: ICD_10_CM, code, display: conditionName(code) }] };
}
