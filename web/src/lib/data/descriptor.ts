import { NUMERIC_COLUMN_NAMES } from "@salus/compute/tables/columns";
import type { DatasetColumn, ModelInput } from "./types.ts";

/*
 * Reads what pages show of a public descriptor. Anybody may list an asset with any file, so nothing in it is taken for
 * granted: a member of another shape counts as absent. Who needs a descriptor to be right checks it with the SDK.
 */

/** What pages show of a dataset's descriptor. */
export interface DatasetDescriptor {
  /** Name of the institution. */
  publisher: string | null;
  /** Text of the data-use agreement. Whether it is the one in the terms is checked before anything is paid. */
  agreement: string | null;
  columns: DatasetColumn[];
  /** Content ids of the current version's public files; null when they are not named. */
  leafFiles: { consents: string; manifest: string } | null;
}

/** What pages show of a model's descriptor. */
export interface ModelDescriptorView {
  predicts: string | null;
  inputs: ModelInput[];
}

type Members = Record<string, unknown>;

/** A dataset's descriptor from its file's text; empty for none. */
export function readDatasetDescriptor(raw: string | null | undefined): DatasetDescriptor {
  const members = parse(raw);
  const contact = object(members["contact"]);
  const files = object(members["leafFiles"]);
  const consents = text(files["consents"]);
  const manifest = text(files["manifest"]);
  return {
    publisher: text(contact["name"]),
    agreement: text(members["agreement"]),
    columns: list(members["schemas"]).flatMap((schema) => list(object(schema)["columns"]).flatMap(columnOf)),
    leafFiles: consents && manifest ? { consents, manifest } : null,
  };
}

/** A model's descriptor from its file's text; empty for none. */
export function readModelDescriptor(raw: string | null | undefined): ModelDescriptorView {
  const members = parse(raw);
  return { predicts: text(members["predicts"]), inputs: list(members["features"]).flatMap(inputOf) };
}

function columnOf(value: unknown): DatasetColumn[] {
  const column = object(value);
  const name = text(column["name"]);
  if (!name) return [];
  const unit = text(column["unit"]);
  const known: readonly string[] = NUMERIC_COLUMN_NAMES;
  return [
    {
      name,
      label: text(column["description"]) ?? name,
      unit,
      numeric: known.includes(name),
    },
  ];
}

function inputOf(value: unknown): ModelInput[] {
  const { name, title, unit, lower, upper } = object(value);
  if (typeof name !== "string" || typeof unit !== "string") return [];
  if (typeof lower !== "number" || typeof upper !== "number") return [];
  return [{ name, label: text(title) ?? name, unit, lower, upper }];
}

function parse(raw: string | null | undefined): Members {
  if (!raw) return {};
  try {
    return object(JSON.parse(raw));
  } catch {
    return {}; // Not JSON: the page shows the asset without its description.
  }
}

function object(value: unknown): Members {
  return typeof value === "object" && value !== null ? (value as Members) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
