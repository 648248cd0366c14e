import { NUMERIC_COLUMNS } from "@salus/compute";
import type { RecordSchema } from "@salus/sdk";

/** What a record of the demo holds: a patient's FHIR bundle, with the columns that jobs may name. */
export const RECORD_SCHEMA: RecordSchema = {
  name: "FHIR R4 patient bundle",
  mediaType: "application/fhir+json",
  columns: NUMERIC_COLUMNS.map((column) => ({
    name: column.name,
    type: column.name === "birth-year" || column.name === "female" ? "integer" : "decimal",
    ...("loinc" in column ? { loinc: column.loinc[0] } : {}),
    unit: column.unit,
    description: column.title,
  })),
};
