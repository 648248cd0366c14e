import { compileView, type CellValue, type CompiledView, type ViewRow } from "./evaluate.ts";
import { parseViewDefinition, type ViewDefinition } from "./view-definition.ts";

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

/** Reduces the many rows of one subject in a view to the one value that the subject contributes. */
export interface ColumnReader {
  readonly key: string;
  readonly view: CompiledView;
  reduce(rows: readonly ViewRow[]): CellValue;
}

export const PATIENT_VIEW = parseViewDefinition({
  resourceType: "ViewDefinition",
  name: "patient_demographics",
  status: "active",
  resource: "Patient",
  select: [
    {
      column: [
        { name: "birth_year", path: "birthDate.toString().substring(0, 4).toInteger()", type: "integer" },
        { name: "gender", path: "gender", type: "code" },
      ],
    },
  ],
});

/** Values with any of these LOINC codes in this UCUM unit, also as components (blood pressure); with their date. */
export function observationView(loinc: readonly string[], unit: string): ViewDefinition {
  const codes = loinc.map((valueString, index) => ({ name: `code${index}`, valueString }));
  const anyCode = codes.map(({ name }) => `code = %${name}`).join(" or ");
  const hasCode = `code.coding.where(system = 'http://loinc.org' and (${anyCode})).exists()`;
  const value = {
    name: "value",
    path: "value.ofType(Quantity).where(system = 'http://unitsofmeasure.org' and code = %unit).value",
    type: "decimal",
  };
  return parseViewDefinition({
    resourceType: "ViewDefinition",
    name: "observation_values",
    status: "active",
    resource: "Observation",
    constant: [...codes, { name: "unit", valueString: unit }],
    where: [{ path: "status = 'final' or status = 'amended' or status = 'corrected'" }],
    select: [
      {
        unionAll: [
          { forEach: `$this.where(${hasCode})`, column: [value] },
          { forEach: `component.where(${hasCode})`, column: [value] },
        ],
      },
      {
        column: [
          {
            name: "effective",
            path: "effective.ofType(dateTime) | effective.ofType(instant) | effective.ofType(Period).start",
            type: "dateTime",
          },
        ],
      },
    ],
  });
}

/** Codes of one system of the conditions that are active (or say nothing of it) and neither refuted nor mistaken. */
export function conditionView(systemUri: string): ViewDefinition {
  return parseViewDefinition({
    resourceType: "ViewDefinition",
    name: "active_conditions",
    status: "active",
    resource: "Condition",
    constant: [{ name: "system", valueUri: systemUri }],
    where: [
      {
        path:
          "clinicalStatus.coding.code.empty() or " +
          "clinicalStatus.coding.where(code = 'active' or code = 'recurrence' or code = 'relapse').exists()",
      },
      { path: "verificationStatus.coding.where(code = 'refuted' or code = 'entered-in-error').empty()" },
    ],
    select: [
      {
        forEach: "code.coding.where(system = %system)",
        column: [{ name: "code", path: "code", type: "code" }],
      },
    ],
  });
}

/** The reader of a column: which view to run and how one subject's rows become one value. */
export function readerOf(ref: ColumnRef): ColumnReader {
  const key = columnKey(ref);
  if (ref.kind === "condition") return conditionReader(key, ref);
  const column = ref.kind === "number" ? numericColumn(ref.name) : undefined;
  if (column?.loinc !== undefined) {
    return { key, view: compileView(observationView(column.loinc, column.unit)), reduce: latestValue };
  }
  const field = key === "birth-year" ? "birth_year" : "gender";
  return {
    key,
    view: compileView(PATIENT_VIEW),
    reduce: (rows) => (key === "female" ? femaleFlag(rows[0]?.["gender"]) : (rows[0]?.[field] ?? null)),
  };
}

function conditionReader(key: string, ref: ConditionRef): ColumnReader {
  const system = CONDITION_SYSTEMS[ref.system];
  const wanted = ref.code.replaceAll(".", "");
  const matches = (code: CellValue | undefined) => {
    if (typeof code !== "string") return false;
    const plain = code.replaceAll(".", "");
    return system.prefix ? plain.startsWith(wanted) : plain === wanted;
  };
  return {
    key,
    view: compileView(conditionView(system.uri)),
    reduce: (rows) => rows.some((row) => matches(row["code"])),
  };
}

function femaleFlag(gender: CellValue | undefined): number | null {
  if (gender === "female") return 1;
  return gender === "male" ? 0 : null;
}

/** The value with the latest date; undated values are the oldest, and of equal dates the later in the record wins. */
function latestValue(rows: readonly ViewRow[]): CellValue {
  let latest: CellValue = null;
  let latestAt = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row["value"] === null) continue;
    const parsed = typeof row["effective"] === "string" ? Date.parse(row["effective"]) : Number.NaN;
    const at = Number.isNaN(parsed) ? Number.NEGATIVE_INFINITY : parsed;
    if (at < latestAt) continue;
    latest = row["value"] ?? null;
    latestAt = at;
  }
  return latest;
}
