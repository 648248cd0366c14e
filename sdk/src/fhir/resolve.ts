import { SalusError } from "../errors.ts";
import { invalidFhir, type FhirFault } from "./faults.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { SourceEntry } from "./read-bundle.ts";
import { isRecordResourceType } from "./resource-types.ts";

/** A resource of the input with a key that is unique in the bundle and does not depend on the order of entries. */
export interface KeyedEntry extends SourceEntry {
  key: string;
}

/** The resources of a bundle, contained ones lifted out, and the means to follow their references. */
export interface ResolvedBundle {
  entries: KeyedEntry[];
  /** The entry that a `Reference.reference` names, or undefined when it is not in the bundle. */
  resolve: (reference: string) => KeyedEntry | undefined;
}

/**
 * Gives each resource a key and lifts contained resources of record types out into entries of their own, so that a
 * medication that is contained in its prescription is kept like any other. References to them become bundle keys.
 *
 * @throws SalusError SDK_FHIR_INVALID for two resources at one address and for a local reference to nothing.
 */
export function resolveBundle(source: readonly SourceEntry[]): ResolvedBundle {
  const faults: FhirFault[] = [];
  const addresses = new Map<string, KeyedEntry>();
  const entries: KeyedEntry[] = [];
  const add = (entry: KeyedEntry, names: readonly string[]): void => {
    for (const name of names) {
      if (addresses.has(name)) faults.push({ path: entry.path, problem: "has the address of another entry" });
      addresses.set(name, entry);
    }
    entries.push(entry);
  };
  source.forEach((entry, index) => {
    const names = addressesOf(entry);
    const keyed: KeyedEntry = { ...entry, key: names[0] ?? `entry:${index}` };
    add(keyed, names);
    if (!isRecordResourceType(entry.resourceType)) return;
    for (const contained of liftContained(keyed, faults)) add(contained, [contained.key]);
  });
  if (faults.length > 0) throw invalidFhir(faults);
  return { entries, resolve: (reference) => addresses.get(reference.replace(/\/_history\/[^/]+$/, "")) };
}

/** The addresses by which other resources may refer to this one: its fullUrl, and `Type/id`. */
function addressesOf(entry: SourceEntry): string[] {
  const id = entry.resource["id"];
  const names = entry.fullUrl === undefined ? [] : [entry.fullUrl];
  if (typeof id === "string") names.push(`${entry.resourceType}/${id}`);
  return [...new Set(names)];
}

/** Takes the contained resources out of `host` and points its local references (`#id`) at their new keys. */
function liftContained(host: KeyedEntry, faults: FhirFault[]): KeyedEntry[] {
  const contained = Array.isArray(host.resource["contained"]) ? host.resource["contained"] : [];
  const lifted: KeyedEntry[] = [];
  const keys = new Map<string, string>();
  contained.forEach((resource, i) => {
    const path = `${host.path}.contained[${i}]`;
    if (!isJsonObject(resource) || typeof resource["resourceType"] !== "string") {
      faults.push({ path, problem: "has no resourceType" });
      return;
    }
    const key = `${host.key}#${String(resource["id"])}`;
    keys.set(`#${String(resource["id"])}`, key);
    lifted.push({ path, key, resourceType: resource["resourceType"], fullUrl: undefined, resource });
  });
  delete host.resource["contained"];
  for (const entry of [host, ...lifted]) pointAt(entry.resource, keys, host, entry.path, faults);
  return lifted;
}

function pointAt(
  value: unknown,
  keys: ReadonlyMap<string, string>,
  host: KeyedEntry,
  path: string,
  faults: FhirFault[],
): void {
  if (Array.isArray(value)) {
    value.forEach((item, i) => pointAt(item, keys, host, `${path}[${i}]`, faults));
    return;
  }
  if (!isJsonObject(value)) return;
  const reference = value["reference"];
  if (typeof reference === "string" && reference.startsWith("#")) {
    const key = reference === "#" ? host.key : keys.get(reference);
    if (key) value["reference"] = key;
    else faults.push({ path, problem: "refers to a contained resource that is not there" });
  }
  for (const [name, member] of Object.entries(value)) pointAt(member, keys, host, `${path}.${name}`, faults);
}

/** The one patient of a bundle. @throws SalusError SDK_FHIR_PATIENT_COUNT */
export function onlyPatient(entries: readonly KeyedEntry[]): KeyedEntry {
  const patients = entries.filter((entry) => entry.resourceType === "Patient");
  const [patient] = patients;
  if (patient && patients.length === 1) return patient;
  throw new SalusError({
    code: "SDK_FHIR_PATIENT_COUNT",
    message: `A record is the data of one person, but this bundle has ${patients.length} Patient resources.`,
    hint: "Export one bundle per person, with the Patient resource in it, and import them one by one.",
    details: { paths: patients.slice(0, 20).map((entry) => entry.path) },
  });
}

/** Where a resource type names the person it is about; null where it is about nobody. */
const SUBJECT_ELEMENT: Record<string, string | null> = {
  Patient: null,
  Medication: null,
  AllergyIntolerance: "patient",
  Immunization: "patient",
};

/**
 * Whether a resource is about the bundle's patient: `patient`, `nobody` (no literal subject), or `other` (a group, a
 * device, a location).
 *
 * @throws SalusError SDK_FHIR_OTHER_PERSON when it names a person who is not the bundle's patient.
 */
export function subjectOf(
  entry: KeyedEntry,
  patient: KeyedEntry,
  resolve: ResolvedBundle["resolve"],
): "patient" | "nobody" | "other" {
  const element = entry.resourceType in SUBJECT_ELEMENT ? SUBJECT_ELEMENT[entry.resourceType] : "subject";
  if (element === null || element === undefined) return "patient";
  const subject = entry.resource[element];
  const reference = isJsonObject(subject) ? (subject as JsonObject)["reference"] : undefined;
  if (typeof reference !== "string") return "nobody";
  const target = resolve(reference);
  if (target === patient) return "patient";
  if (target || /(^|\/)(Group|Device|Location)\/[^/]+$/.test(reference)) return "other";
  throw new SalusError({
    code: "SDK_FHIR_OTHER_PERSON",
    message: `${entry.path}.${element} names a person who is not the patient of this bundle.`,
    hint: "Check that the export did not mix two people; every resource must refer to the bundle's own Patient.",
    details: { path: `${entry.path}.${element}` },
  });
}
