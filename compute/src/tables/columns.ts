/** Names the catalogue of columns below; part of every job, so that a later catalogue changes no earlier job. */
export const TABLES = "fhir-r4/1";

/** A numeric column that jobs may name. `unit` is UCUM; the bounds are those a value plausibly lies within. */
export interface NumericColumn {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly lower: number;
  readonly upper: number;
  /** LOINC codes, any of which carries the value; absent for what is read from the Patient. */
  readonly loinc?: readonly string[];
}

export const NUMERIC_COLUMNS = [
  { name: "birth-year", title: "Birth year", unit: "a", lower: 1900, upper: 2030 },
  { name: "female", title: "Female (1) or male (0)", unit: "1", lower: 0, upper: 1 },
  { name: "hba1c", title: "Haemoglobin A1c", unit: "%", lower: 3, upper: 20, loinc: ["4548-4"] },
  { name: "glucose", title: "Glucose", unit: "mg/dL", lower: 20, upper: 1000, loinc: ["2339-0", "2345-7"] },
  {
    name: "systolic-blood-pressure",
    title: "Systolic blood pressure",
    unit: "mm[Hg]",
    lower: 50,
    upper: 300,
    loinc: ["8480-6"],
  },
  {
    name: "diastolic-blood-pressure",
    title: "Diastolic blood pressure",
    unit: "mm[Hg]",
    lower: 20,
    upper: 200,
    loinc: ["8462-4"],
  },
  {
    name: "body-mass-index",
    title: "Body mass index",
    unit: "kg/m2",
    lower: 8,
    upper: 100,
    loinc: ["39156-5"],
  },
  { name: "body-weight", title: "Body weight", unit: "kg", lower: 1, upper: 400, loinc: ["29463-7"] },
  { name: "haemoglobin", title: "Haemoglobin", unit: "g/dL", lower: 2, upper: 25, loinc: ["718-7"] },
  {
    name: "total-cholesterol",
    title: "Total cholesterol",
    unit: "mg/dL",
    lower: 30,
    upper: 1000,
    loinc: ["2093-3"],
  },
  { name: "creatinine", title: "Creatinine", unit: "mg/dL", lower: 0.1, upper: 30, loinc: ["2160-0"] },
] as const satisfies readonly NumericColumn[];

export type NumericColumnName = (typeof NUMERIC_COLUMNS)[number]["name"];

export const NUMERIC_COLUMN_NAMES = NUMERIC_COLUMNS.map((each) => each.name);

/** The catalogue's entry of a column. */
export function numericColumn(name: NumericColumnName): NumericColumn {
  return NUMERIC_COLUMNS.find((each) => each.name === name)!;
}

/** Code systems of conditions: ICD-10-CM codes match by prefix (dots ignored), SNOMED CT codes exactly. */
export const CONDITION_SYSTEMS = {
  "icd-10-cm": { uri: "http://hl7.org/fhir/sid/icd-10-cm", prefix: true },
  "snomed-ct": { uri: "http://snomed.info/sct", prefix: false },
} as const;

export interface ConditionRef {
  readonly system: keyof typeof CONDITION_SYSTEMS;
  readonly code: string;
}

/** What a job needs to know of each subject. */
export type ColumnRef =
  | { readonly kind: "number"; readonly name: NumericColumnName }
  | { readonly kind: "sex" }
  | ({ readonly kind: "condition" } & ConditionRef);

/** The name of a column in a row's values; equal references have equal keys. */
export function columnKey(ref: ColumnRef): string {
  if (ref.kind === "number") return ref.name;
  return ref.kind === "sex" ? "sex" : `condition:${ref.system}:${ref.code}`;
}
