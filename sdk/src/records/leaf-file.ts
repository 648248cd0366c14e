import * as v from "valibot";
import { cidOf } from "../cid.ts";
import { SalusError } from "../errors.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { describeIssue } from "./validators.ts";

/** Most subjects (hence leaves) that one version may have. */
export const MAX_LEAVES = 250_000;

/** A file with its content id. */
export type ContentFile = { cid: string; bytes: Uint8Array };

/**
 * A leaf file is JSON lines: a header line, then one line for each leaf, ascending by key; every line is canonical JSON and
 * ends with a line feed.
 */
export type LeafFileFormat<H extends { count: number }, L> = {
  /** name for errors, e.g. `manifest` */
  name: string;
  maxBytes: number;
  header: v.GenericSchema<unknown, H>;
  line: v.GenericSchema<unknown, L>;
};

/** Bytes and content id of a leaf file, given its lines as plain JSON. */
export function writeLeafFile(header: Json, lines: Iterable<Json>): ContentFile {
  const text = [header, ...lines].map((line) => canonicalJson(line) + "\n").join("");
  const bytes = new TextEncoder().encode(text);
  return { cid: cidOf(bytes), bytes };
}

/**
 * Reads a leaf file, checking every line.
 *
 * @throws SDK_FILE_TOO_LARGE, SDK_FILE_MALFORMED with `details.line` (1 = header)
 */
export function readLeafFile<H extends { count: number }, L>(
  format: LeafFileFormat<H, L>,
  bytes: Uint8Array,
): { header: H; leaves: L[] } {
  if (bytes.length > format.maxBytes) {
    throw new SalusError({
      code: "SDK_FILE_TOO_LARGE",
      message: `The ${format.name} file has ${bytes.length} bytes; the most is ${format.maxBytes}.`,
      details: { file: format.name, size: bytes.length, limit: format.maxBytes },
    });
  }
  const lines = linesOf(format.name, bytes);
  const header = readLine(format.name, format.header, lines, 0);
  if (header.count !== lines.length - 1) {
    throw malformed(format.name, 1, `announces ${header.count} leaves, but ${lines.length - 1} follow`);
  }
  const leaves = lines.slice(1).map((_, i) => readLine(format.name, format.line, lines, i + 1));
  return { header, leaves };
}

function linesOf(name: string, bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed(name, 1, "is not UTF-8", cause);
  }
  if (!text.endsWith("\n")) throw malformed(name, 1, "is cut short: the last line has no end");
  const lines = text.slice(0, -1).split("\n");
  if (lines.length - 1 > MAX_LEAVES) throw malformed(name, 1, `holds more than ${MAX_LEAVES} leaves`);
  return lines;
}

function readLine<T>(name: string, schema: v.GenericSchema<unknown, T>, lines: string[], i: number): T {
  let value: unknown;
  try {
    value = JSON.parse(lines[i]!);
  } catch (cause) {
    throw malformed(name, i + 1, "is not JSON", cause);
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const { path, expected } = describeIssue(result.issues[0]);
  throw malformed(name, i + 1, `is wrong at ${path}: expected ${expected}`);
}

function malformed(name: string, line: number, what: string, cause?: unknown): SalusError {
  return new SalusError({
    code: "SDK_FILE_MALFORMED",
    message: `Line ${line} of the ${name} file ${what}.`,
    details: { file: name, line },
    cause,
  });
}
