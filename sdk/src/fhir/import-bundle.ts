import type { Bundle } from "@medplum/fhirtypes";
import { SalusError } from "../errors.ts";
import { yearOfDay, yearRule } from "./dates.ts";
import { deidentify, type Deidentification, type RemovedKind } from "./deidentify.ts";
import { invalidFhir } from "./faults.ts";
import { textScreen, type TextScreen } from "./identifying-words.ts";
import { canonicalJson, isJsonObject, type JsonObject } from "./json.ts";
import { inRecordOrder, recordIds, type RecordEntry } from "./order.ts";
import { personKey, type PersonKey } from "./person.ts";
import { DEFAULT_MAX_BYTES, readBundle } from "./read-bundle.ts";
import { onlyPatient, resolveBundle, subjectOf, type KeyedEntry, type ResolvedBundle } from "./resolve.ts";
import { isRecordResourceType } from "./resource-types.ts";
import { validateFhir } from "./validate.ts";

/** Where a record's own resources live: a name that resolves nowhere (RFC 2606), the same in every record. */
const RECORD_BASE = "https://record.salus.invalid/fhir/";

/** How to import. */
export interface ImportOptions {
  /** The day of the import, YYYY-MM-DD: ages are capped as of its year. */
  asOf: string;
  /** Largest input in bytes of UTF-8; 16 MiB unless given. */
  maxBytes?: number;
  /** The identifier system of the institution's record numbers; without it, the identifier typed MR. */
  personSystem?: string;
}

/** Why a resource of the input is not in the record. */
export type DropReason =
  | "not a record resource type"
  | "entered in error"
  | "about no named person"
  | "about something other than the patient"
  | "has a modifier that is not understood"
  | "incomplete without the removed content";

/** What an import kept, left out and removed: for the person or clerk who imports. Holds no values. */
export interface ImportReport {
  /** Resource type → number in the record. */
  kept: Record<string, number>;
  dropped: { resourceType: string; reason: DropReason; count: number }[];
  /** Kind of content → number of elements removed or reduced in the kept resources. */
  removed: Partial<Record<RemovedKind, number>>;
  /** True when the person counts as "90 or older" and the record's birth year is the cap's. */
  ageCapped: boolean;
}

/** One person's record, ready to be encrypted, and beside it what must not be in it. */
export interface ImportedRecord {
  /** A FHIR R4 collection of the kept resources, de-identified, with references and ids of its own. */
  bundle: Bundle;
  /** The bundle as canonical JSON (RFC 8785) in UTF-8: what is encrypted. The same input gives the same bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  report: ImportReport;
  /** The institution's own name for the person; private to it, never part of the record. */
  person: PersonKey | undefined;
}

/**
 * Makes a record from one person's FHIR R4 Bundle (JSON text or parsed). The input is validated in full (structure,
 * invariants, required codes; resource types that records do not hold are not looked into), then reduced to a list of
 * allowed resource types and stripped of direct identifiers after the Safe Harbor rule of HIPAA, 45 CFR
 * 164.514(b)(2): of all dates the year remains, ages over 89 become 90 ("90 or older"), of addresses country and
 * state. Entries are ordered by type and exact time, so the last entry of a kind is the latest.
 *
 * @example
 * const { bytes, report, person } = importBundle(text, { asOf: "2025-06-30" });
 *
 * @throws SalusError SDK_FHIR_NOT_JSON, SDK_FHIR_NOT_A_BUNDLE, SDK_FHIR_TOO_LARGE, SDK_FHIR_TOO_DEEP,
 * SDK_FHIR_PARTIAL, SDK_FHIR_INVALID (`details.faults`: FHIRPath and problem), SDK_FHIR_PATIENT_COUNT,
 * SDK_FHIR_OTHER_PERSON, SDK_FHIR_OPTIONS. Messages name paths, never values.
 */
export function importBundle(input: unknown, options: ImportOptions): ImportedRecord {
  const asOf = yearOfDay(options.asOf);
  const { entries, resolve } = resolveBundle(readBundle(input, options.maxBytes ?? DEFAULT_MAX_BYTES));
  const patient = onlyPatient(entries);
  validateAll(entries);
  const drops = new Drops();
  const candidates = entries.filter((entry) => isCandidate(entry, patient, resolve, drops));
  const years = yearRule(patient.resource, asOf);
  const { ordered, removed } = reduce(candidates, { years, screen: textScreen(entries), resolve, drops });
  const bundle = assemble(ordered);
  return {
    bundle: bundle as unknown as Bundle,
    bytes: new TextEncoder().encode(canonicalJson(bundle)),
    report: {
      kept: countTypes(ordered),
      dropped: drops.list(),
      removed: Object.fromEntries([...removed].sort(([a], [b]) => (a < b ? -1 : 1))),
      ageCapped: years.capped,
    },
    person: personKey(patient, options.personSystem),
  };
}

function validateAll(entries: readonly KeyedEntry[]): void {
  const faults = entries
    .filter((entry) => isRecordResourceType(entry.resourceType))
    .flatMap((entry) => validateFhir(entry.resource, entry.path));
  if (faults.length > 0) throw invalidFhir(faults);
}

/** Counts what is left out, by resource type and reason. */
class Drops {
  readonly #counts = new Map<string, { resourceType: string; reason: DropReason; count: number }>();

  add(resourceType: string, reason: DropReason): false {
    const key = `${resourceType} ${reason}`;
    const row = this.#counts.get(key) ?? { resourceType, reason, count: 0 };
    row.count += 1;
    this.#counts.set(key, row);
    return false;
  }

  list(): ImportReport["dropped"] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

function isCandidate(
  entry: KeyedEntry,
  patient: KeyedEntry,
  resolve: ResolvedBundle["resolve"],
  drops: Drops,
): boolean {
  const { resource, resourceType } = entry;
  if (!isRecordResourceType(resourceType)) return drops.add(resourceType, "not a record resource type");
  const subject = subjectOf(entry, patient, resolve);
  if (subject === "nobody") return drops.add(resourceType, "about no named person");
  if (subject === "other" || resource["focus"] !== undefined) {
    return drops.add(resourceType, "about something other than the patient");
  }
  if (entry === patient) return true;
  if (isEnteredInError(resource)) return drops.add(resourceType, "entered in error");
  // FHIR R4, 2.4.2: a modifier that is not understood changes the meaning, so the resource must not be processed.
  if (hasModifier(resource)) return drops.add(resourceType, "has a modifier that is not understood");
  return true;
}

function isEnteredInError(resource: JsonObject): boolean {
  const verification = resource["verificationStatus"];
  const codings =
    isJsonObject(verification) && Array.isArray(verification["coding"]) ? verification["coding"] : [];
  return (
    resource["status"] === "entered-in-error" ||
    codings.some((coding) => isJsonObject(coding) && coding["code"] === "entered-in-error")
  );
}

function hasModifier(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasModifier);
  if (!isJsonObject(value)) return false;
  return "modifierExtension" in value || "implicitRules" in value || Object.values(value).some(hasModifier);
}

interface ReductionContext {
  years: Deidentification["years"];
  screen: TextScreen;
  resolve: ResolvedBundle["resolve"];
  drops: Drops;
}

/**
 * De-identifies the candidates. One that is no longer valid without what was removed is left out, and as others may
 * refer to it, the rest is done again: at most once per resource, in practice once or twice in all.
 */
function reduce(
  candidates: readonly KeyedEntry[],
  { years, screen, resolve, drops }: ReductionContext,
): { ordered: RecordEntry[]; removed: Map<RemovedKind, number> } {
  const keys = new Set(candidates.map((entry) => entry.key));
  const keyOf = (reference: string): string | undefined => {
    const key = resolve(reference)?.key;
    return key !== undefined && keys.has(key) ? key : undefined;
  };
  const context: Deidentification = { years, screen, keyOf, removed: new Map() };
  const reduced: RecordEntry[] = [];
  const incomplete: KeyedEntry[] = [];
  for (const source of candidates) {
    const resource = deidentify(source.resource, context);
    if (resource && validateFhir(resource, source.path).length === 0) reduced.push({ source, resource });
    else incomplete.push(source);
  }
  if (incomplete.length === 0) return { ordered: inRecordOrder(reduced), removed: context.removed };
  for (const { resourceType } of incomplete)
    drops.add(resourceType, "incomplete without the removed content");
  const rest = candidates.filter((entry) => !incomplete.includes(entry));
  return reduce(rest, { years, screen, resolve, drops });
}

/** The record's bundle: ids and references of its own, no trace of the source's. */
function assemble(ordered: readonly RecordEntry[]): JsonObject {
  const ids = recordIds(ordered);
  const addresses = new Map(
    ordered.map(({ source }) => [source.key, `${source.resourceType}/${ids.get(source.key) ?? ""}`]),
  );
  const entry = ordered.map(({ source, resource }) => ({
    fullUrl: `${RECORD_BASE}${addresses.get(source.key) ?? ""}`,
    resource: { ...(withAddresses(resource, addresses) as JsonObject), id: ids.get(source.key) },
  }));
  return { resourceType: "Bundle", type: "collection", entry };
}

function withAddresses(value: unknown, addresses: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withAddresses(item, addresses));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "reference" && typeof member === "string"
        ? addressOf(member, addresses)
        : withAddresses(member, addresses),
    ]),
  );
}

function addressOf(key: string, addresses: ReadonlyMap<string, string>): string {
  const address = addresses.get(key);
  if (address !== undefined) return address;
  throw new SalusError({
    code: "SDK_FHIR_REFERENCE",
    message: "A reference of the record has no target in it.",
    hint: "This is a fault of the import itself; report it with the resource types of the bundle.",
  });
}

function countTypes(ordered: readonly RecordEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { source } of ordered) counts[source.resourceType] = (counts[source.resourceType] ?? 0) + 1;
  return counts;
}
