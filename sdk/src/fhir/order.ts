import { canonicalJson, isJsonObject, type JsonObject } from "./json.ts";
import { RECORD_RESOURCE_TYPES } from "./resource-types.ts";
import type { KeyedEntry } from "./resolve.ts";

/** A resource on its way into a record: where it came from, and what is left of it. */
export interface RecordEntry {
  source: KeyedEntry;
  resource: JsonObject;
}

/** Elements that say when a resource's content happened, the best one first. */
const WHEN = [
  "effectiveDateTime",
  "effectiveInstant",
  "effectivePeriod",
  "period",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "onsetDateTime",
  "onsetPeriod",
  "authoredOn",
  "recordedDate",
  "dateAsserted",
  "recorded",
];

/**
 * Orders a record's entries: by resource type, then by the exact time in the source (unknown times first), then by
 * content, then by source key. The order does not depend on the order of the input, and since it is chronological,
 * the last entry of a kind is the latest although records show only years.
 */
export function inRecordOrder(entries: readonly RecordEntry[]): RecordEntry[] {
  return entries
    .map((entry) => ({
      entry,
      type: typeRank(entry),
      time: timeOf(entry.source.resource),
      text: contentOf(entry),
    }))
    .sort(
      (a, b) =>
        a.type - b.type ||
        a.time - b.time ||
        compare(a.text, b.text) ||
        compare(a.entry.source.key, b.entry.source.key),
    )
    .map(({ entry }) => entry);
}

/** Each entry's id in its record: `patient`, `observation-0001` … counted in record order. */
export function recordIds(ordered: readonly RecordEntry[]): Map<string, string> {
  const totals = new Map<string, number>();
  const ids = new Map<string, string>();
  for (const { source } of ordered) {
    const number = (totals.get(source.resourceType) ?? 0) + 1;
    totals.set(source.resourceType, number);
    const name = source.resourceType.replace(/(?!^)([A-Z])/g, "-$1").toLowerCase();
    ids.set(source.key, name === "patient" ? name : `${name}-${String(number).padStart(5, "0")}`);
  }
  return ids;
}

function typeRank({ source }: RecordEntry): number {
  return (RECORD_RESOURCE_TYPES as readonly string[]).indexOf(source.resourceType);
}

/** Milliseconds since 1970 of the source's own time; −8.64e15 (the earliest date there is) when it has none. */
function timeOf(resource: JsonObject): number {
  for (const element of WHEN) {
    const value = resource[element];
    const text = isJsonObject(value) ? (value["start"] ?? value["end"]) : value;
    const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(time)) return time;
  }
  return -8.64e15;
}

/** The content without its references, whose keys differ between exports. */
function contentOf({ resource }: RecordEntry): string {
  return canonicalJson(
    JSON.parse(JSON.stringify(resource, (key, value) => (key === "reference" ? "" : value))),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
