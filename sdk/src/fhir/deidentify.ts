import { isPrimitiveType } from "@medplum/core";
import type { InternalTypeSchema } from "@medplum/core";
import { AGE_CAP, isCappedAge, yearOnly, type YearRule } from "./dates.ts";
import { elementOf, typeSchema } from "./definitions.ts";
import type { TextScreen } from "./identifying-words.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/** What the de-identification of one bundle needs to know, and what it counts. */
export interface Deidentification {
  years: YearRule;
  screen: TextScreen;
  /** The key of the kept resource that a reference names, or undefined. */
  keyOf: (reference: string) => string | undefined;
  /** Kind of removed content → how many elements. */
  removed: Map<RemovedKind, number>;
}

/** Kinds of content that never enter a record, or enter it reduced. */
export type RemovedKind =
  | "names"
  | "addresses"
  | "contact details"
  | "identifiers"
  | "demographics"
  | "photos and attachments"
  | "narrative"
  | "notes and free text"
  | "metadata"
  | "extensions"
  | "links"
  | "references to people and places"
  | "times of day"
  | "dates reduced to years"
  | "ages over 89";

/** Data types that are identifying as such, and what they count as. */
const REMOVED_TYPES: Record<string, RemovedKind> = {
  HumanName: "names",
  Address: "addresses",
  ContactPoint: "contact details",
  Identifier: "identifiers",
  Attachment: "photos and attachments",
  base64Binary: "photos and attachments",
  Signature: "photos and attachments",
  SampledData: "photos and attachments",
  Narrative: "narrative",
  xhtml: "narrative",
  Annotation: "notes and free text",
  markdown: "notes and free text",
  Meta: "metadata",
  instant: "times of day",
  time: "times of day",
  id: "identifiers",
  uuid: "identifiers",
  oid: "links",
  url: "links",
  canonical: "links",
};

/** All that a record says of its Patient. */
const PATIENT_ELEMENTS = new Set(["extension", "gender", "birthDate", "deceased[x]", "address"]);

/** Extensions that a record keeps: demographics that 45 CFR 164.514(b)(2) does not name. */
const KEPT_EXTENSIONS = new Set([
  "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
  "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
  "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
  "ombCategory",
  "detailed",
  "text",
]);

/** Texts that stay when the screen lets them: they name codes, units and results, not people. */
const SCREENED_TEXTS = new Set([
  "Coding.display",
  "CodeableConcept.text",
  "Extension.value[x]",
  "Observation.value[x]",
  "ObservationComponent.value[x]",
  "ObservationReferenceRange.text",
  "ImmunizationProtocolApplied.doseNumber[x]",
  "ImmunizationProtocolApplied.seriesDoses[x]",
]);
const UNIT = /^(Quantity|SimpleQuantity|Age|Duration|Count|Distance)\.unit$/;
const KEPT_URIS = /^(Coding|Quantity|SimpleQuantity|Age|Duration|Count|Distance)\.system$|^Extension\.url$/;

/** Elements that state an age, as years or as a range of years. */
const AGE_RANGES = new Set([
  "Condition.onset[x]",
  "Condition.abatement[x]",
  "AllergyIntolerance.onset[x]",
  "Procedure.performed[x]",
]);
/** LOINC codes of observations whose value is the patient's age. */
const AGE_CODES = new Set(["30525-0", "21611-9", "21612-7", "29553-5"]);

/**
 * One resource without what identifies a person, after the Safe Harbor rule of HIPAA (45 CFR 164.514(b)(2)): every
 * data type is decided once, texts and links are removed unless listed above, dates keep their year, and ages over 89
 * become "90 or older". References hold the key of their target.
 *
 * Undefined when what remains lacks an element that FHIR requires.
 */
export function deidentify(resource: JsonObject, context: Deidentification): JsonObject | undefined {
  const type = String(resource["resourceType"]);
  const schema = typeSchema(type);
  const kept = (schema && keepMembers(resource, schema, context)) ?? (type === "Patient" ? {} : undefined);
  if (!kept) return undefined;
  if (type === "Patient") keepPatient(resource, kept, context);
  if (type === "Observation" && isAgeObservation(kept)) {
    if (context.years.capped) return remove(context, "ages over 89");
    capQuantity(kept, "valueQuantity", context);
  }
  return { resourceType: type, ...kept };
}

function keepMembers(
  value: JsonObject,
  schema: InternalTypeSchema,
  context: Deidentification,
): JsonObject | undefined {
  const kept: JsonObject = {};
  const present = new Set<string>();
  for (const [key, member] of Object.entries(value)) {
    if (key === "resourceType") continue;
    const element = elementOf(schema, key);
    if (!element) {
      count(context, "extensions"); // `_element`: only extensions and element ids live there
      continue;
    }
    if (key === "id") continue; // element ids are internal to the source; resources get ids of their own
    const path = `${schema.name}.${element.name}`;
    const result = Array.isArray(member)
      ? keepAll(member, element.type, path, context)
      : keepValue(member, element.type, path, context);
    if (result === undefined) continue;
    kept[key] = result;
    present.add(element.name);
  }
  if (schema.name === "CodeableConcept") dropRedundantText(kept);
  const complete = Object.entries(schema.elements).every(([name, { min }]) => min === 0 || present.has(name));
  return complete && Object.keys(kept).length > 0 ? kept : undefined;
}

function keepAll(
  values: unknown[],
  type: string,
  path: string,
  context: Deidentification,
): unknown[] | undefined {
  const kept = values
    .map((value) => keepValue(value, type, path, context))
    .filter((value) => value !== undefined);
  return kept.length > 0 ? kept : undefined;
}

function keepValue(value: unknown, type: string, path: string, context: Deidentification): unknown {
  if (path.startsWith("Patient.") && !PATIENT_ELEMENTS.has(path.slice("Patient.".length))) {
    return remove(context, REMOVED_TYPES[type] ?? "demographics");
  }
  const kind = REMOVED_TYPES[type];
  if (kind) return remove(context, kind);
  if (isPrimitiveType(type)) return keepPrimitive(value, type, path, context);
  if (!isJsonObject(value)) return undefined;
  if (type === "Reference") return keepReference(value, context);
  if (type === "Extension" && !KEPT_EXTENSIONS.has(String(value["url"])))
    return remove(context, "extensions");
  // With the year of its event, any age of a person over 89 tells their true age.
  const isAge = type === "Age" || (type === "Range" && AGE_RANGES.has(path));
  if (isAge && context.years.capped) return remove(context, "ages over 89");
  const schema = typeSchema(type);
  if (!schema) return remove(context, "extensions");
  const kept = keepMembers(value, schema, context);
  if (kept && type === "Age") capAge(kept, context);
  if (kept && type === "Range" && isAge) {
    capQuantity(kept, "low", context);
    capQuantity(kept, "high", context);
  }
  return kept;
}

function keepPrimitive(value: unknown, type: string, path: string, context: Deidentification): unknown {
  if (value === null) return undefined; // a placeholder whose extension was removed
  if (type === "date" || type === "dateTime") {
    const year = yearOnly(String(value), context.years);
    if (year !== value) count(context, "dates reduced to years");
    return year;
  }
  if (type === "uri") return KEPT_URIS.test(path) ? value : remove(context, "links");
  if (type !== "string" && !type.startsWith("http:")) return value; // code, boolean and numbers
  const mayStay = (SCREENED_TEXTS.has(path) || UNIT.test(path)) && context.screen(String(value));
  return mayStay ? value : remove(context, "notes and free text");
}

/** A reference keeps only its target's key; who is shown as its display or identifier may be anybody. */
function keepReference(value: JsonObject, context: Deidentification): JsonObject | undefined {
  const { reference } = value;
  const key = typeof reference === "string" ? context.keyOf(reference) : undefined;
  return key === undefined ? remove(context, "references to people and places") : { reference: key };
}

/** The text beside a code adds nothing to it that could be trusted not to identify. */
function dropRedundantText(concept: JsonObject): void {
  const codings = Array.isArray(concept["coding"]) ? concept["coding"] : [];
  if (codings.some((coding) => isJsonObject(coding) && coding["code"] !== undefined)) delete concept["text"];
}

/** What 45 CFR 164.514(b)(2) lets stand of the patient: country and state, and the year of birth within the cap. */
function keepPatient(source: JsonObject, kept: JsonObject, context: Deidentification): void {
  const address = (Array.isArray(source["address"]) ? source["address"] : [])
    .filter(isJsonObject)
    .map(({ country, state }) => ({ ...region("country", country), ...region("state", state) }))
    .find((region) => Object.keys(region).length > 0);
  if (address) kept["address"] = [address];
  const { birthYear, capped } = context.years;
  if (birthYear !== undefined) kept["birthDate"] = String(birthYear).padStart(4, "0");
  if (capped) count(context, "ages over 89");
}

function region(name: string, value: unknown): JsonObject {
  return typeof value === "string" && /^[\p{L}\p{M} .'’()-]{2,60}$/u.test(value) ? { [name]: value } : {};
}

function isAgeObservation(observation: JsonObject): boolean {
  const code = observation["code"];
  const codings = isJsonObject(code) && Array.isArray(code["coding"]) ? code["coding"] : [];
  return codings.some((coding) => isJsonObject(coding) && AGE_CODES.has(String(coding["code"])));
}

function capQuantity(holder: JsonObject, name: string, context: Deidentification): void {
  const quantity = holder[name];
  if (isJsonObject(quantity)) capAge(quantity, context);
}

function capAge(age: JsonObject, context: Deidentification): void {
  if (!isCappedAge(age)) return;
  age["value"] = AGE_CAP;
  age["unit"] = "a";
  age["system"] = "http://unitsofmeasure.org";
  age["code"] = "a";
  count(context, "ages over 89");
}

function count(context: Deidentification, kind: RemovedKind): void {
  context.removed.set(kind, (context.removed.get(kind) ?? 0) + 1);
}

function remove(context: Deidentification, kind: RemovedKind): undefined {
  count(context, kind);
  return undefined;
}
