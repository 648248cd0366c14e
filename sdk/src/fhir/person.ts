import { isJsonObject, type JsonObject } from "./json.ts";
import type { KeyedEntry } from "./resolve.ts";

/**
 * The importing institution's own name for the person. It never enters the record: it is for the institution's
 * private person → subjects table, by which a person who revoked is left out of later versions.
 */
export interface PersonKey {
  /** `system|value` of an identifier, or `Patient/id`, or the entry's fullUrl. */
  key: string;
  /** Where it was found: a medical record number, the patient resource's id, or the entry's address. */
  source: "medical-record-number" | "patient-id" | "full-url";
}

/**
 * The person's key: the identifier of `system` where given, else the one typed MR (medical record number, HL7 v2
 * table 0203), else Patient.id, else the entry's fullUrl. Undefined when the bundle names the person by none.
 */
export function personKey(patient: KeyedEntry, system?: string): PersonKey | undefined {
  const listed = patient.resource["identifier"];
  const identifiers = (Array.isArray(listed) ? listed : []).filter(isJsonObject);
  const chosen = identifiers.find((id) =>
    system === undefined ? isRecordNumber(id) : id["system"] === system,
  );
  if (typeof chosen?.["value"] === "string") {
    return { key: `${String(chosen["system"] ?? "")}|${chosen["value"]}`, source: "medical-record-number" };
  }
  const id = patient.resource["id"];
  if (typeof id === "string") return { key: `Patient/${id}`, source: "patient-id" };
  return patient.fullUrl === undefined ? undefined : { key: patient.fullUrl, source: "full-url" };
}

function isRecordNumber(identifier: JsonObject): boolean {
  const type = identifier["type"];
  const codings = isJsonObject(type) && Array.isArray(type["coding"]) ? type["coding"] : [];
  return codings.some((coding) => isJsonObject(coding) && coding["code"] === "MR");
}
