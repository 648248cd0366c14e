/**
 * The resource types that a record may hold. Everything else in a bundle (claims, practitioners, care plans,
 * documents …) is left out and counted: it describes billing or other people, or is free text at heart.
 * The order is the order of a record's entries.
 */
export const RECORD_RESOURCE_TYPES = [
  "Patient",
  "Encounter",
  "Condition",
  "AllergyIntolerance",
  "Observation",
  "DiagnosticReport",
  "Medication",
  "MedicationRequest",
  "MedicationStatement",
  "MedicationAdministration",
  "Procedure",
  "Immunization",
] as const;

/** A resource type that a record may hold. */
export type RecordResourceType = (typeof RECORD_RESOURCE_TYPES)[number];

const KEPT: ReadonlySet<string> = new Set(RECORD_RESOURCE_TYPES);

/** True when resources of this type are kept in a record. */
export function isRecordResourceType(type: string): type is RecordResourceType {
  return KEPT.has(type);
}
