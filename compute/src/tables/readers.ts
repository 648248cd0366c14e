import { columnKey, CONDITION_SYSTEMS, numericColumn, type ColumnRef, type ConditionRef } from "./columns.ts";
import { compileView, type CellValue, type CompiledView, type ViewRow } from "./evaluate.ts";
import { parseViewDefinition, type ViewDefinition } from "./view-definition.ts";

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
    where: [
      { path: "status = 'final' or status = 'amended' or status = 'corrected'" },
      { path: `${hasCode} or component.where(${hasCode}).exists()` }, // spares the rest of the work on most resources
    ],
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
