import type { CellValue, ViewRow } from "./evaluate.ts";
import { columnKey, type ColumnRef } from "./columns.ts";
import { readerOf, type ColumnReader } from "./readers.ts";

/** What one subject contributes: exactly one row, bound to the index of the record it came from. */
export interface SubjectRow {
  readonly record: number;
  readonly values: Readonly<Record<string, CellValue>>;
}

/**
 * One row per record, in the order of the records; each column holds at most one value of a subject, so that a
 * subject's influence on any sum over rows is bounded.
 *
 * `records` are FHIR R4 Bundles, one subject each, as JSON values or as the bytes of their JSON (read one at a time). A record, or a part of one, that cannot be read contributes
 * nothing: if it failed the job instead, one subject's data would decide whether others get an answer, which no noise
 * hides. Gateways validate records when they import them.
 */
export function buildTable(records: readonly unknown[], columns: readonly ColumnRef[]): SubjectRow[] {
  const unique = new Map(columns.map((ref) => [columnKey(ref), ref]));
  const readers = [...unique.values()].map(readerOf);
  return records.map((bundle, record) => ({ record, values: readSubject(bundle, readers) }));
}

function readSubject(record: unknown, readers: readonly ColumnReader[]): Record<string, CellValue> {
  const resources = resourcesByType(parseRecord(record));
  const values: Record<string, CellValue> = {};
  for (const reader of readers) {
    const rows = (resources.get(reader.view.resource) ?? []).flatMap((each) => readResource(each, reader));
    values[reader.key] = reader.reduce(rows);
  }
  return values;
}

function readResource(resource: unknown, reader: ColumnReader): readonly ViewRow[] {
  try {
    return reader.view.run(resource);
  } catch {
    return []; // the view is known to be good, so the resource is not: see buildTable
  }
}

function parseRecord(record: unknown): unknown {
  if (!(record instanceof Uint8Array)) return record;
  try {
    return JSON.parse(new TextDecoder().decode(record));
  } catch {
    return undefined; // contributes nothing: see buildTable
  }
}

function resourcesByType(bundle: unknown): Map<string, unknown[]> {
  const byType = new Map<string, unknown[]>();
  const entries = isObject(bundle) && bundle["resourceType"] === "Bundle" ? bundle["entry"] : undefined;
  if (!Array.isArray(entries)) return byType;
  for (const entry of entries as unknown[]) {
    const resource = isObject(entry) ? entry["resource"] : undefined;
    const type = isObject(resource) ? resource["resourceType"] : undefined;
    if (typeof type !== "string") continue;
    const list = byType.get(type);
    if (list === undefined) byType.set(type, [resource]);
    else list.push(resource);
  }
  return byType;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
