import * as v from "valibot";
import { cidOf } from "../cid.ts";
import { SalusError } from "../errors.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { describeIssue } from "./validators.ts";

/** Most subjects (hence leaves) that one version may have. */
export const MAX_LEAVES = 250_000;

const LINE_FEED = 0x0a;

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

/** Characters that are turned into bytes at a time: a large file never stands in memory as text. */
const PIECE = 64 * 1024;

/**
 * Bytes and content id of a leaf file, given its lines as plain JSON. The lines are asked for twice, first for their length:
 * the file of a large version stands in memory once, not in pieces and whole.
 */
export function writeLeafFile(header: Json, lines: () => Iterable<Json>): ContentFile {
  const encoder = new TextEncoder();
  const room = new Uint8Array(4 * PIECE);
  let size = 0;
  for (const text of pieces(header, lines())) size += encodeInto(encoder, text, room).length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const text of pieces(header, lines())) at += encodeInto(encoder, text, bytes.subarray(at)).length;
  return { cid: cidOf(bytes), bytes };
}

/** The file's text in pieces of at least {@link PIECE} characters, the last one shorter. */
function* pieces(header: Json, lines: Iterable<Json>): Generator<string> {
  let text = `${canonicalJson(header)}\n`;
  for (const line of lines) {
    if (text.length >= PIECE) {
      yield text;
      text = "";
    }
    text += `${canonicalJson(line)}\n`;
  }
  yield text;
}

/** The text's bytes, at the beginning of `room`; in an array of their own when they do not fit. */
function encodeInto(encoder: TextEncoder, text: string, room: Uint8Array): Uint8Array {
  const { read, written } = encoder.encodeInto(text, room);
  return read === text.length ? room.subarray(0, written) : encoder.encode(text);
}

/**
 * Reads a leaf file line by line, checking each.
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
  const ends = lineEnds(format.name, bytes);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const read = <T>(schema: v.GenericSchema<unknown, T>, i: number) =>
    readLine(format.name, schema, decoder, bytes.subarray(i === 0 ? 0 : ends[i - 1]! + 1, ends[i]), i);
  const header = read(format.header, 0);
  if (header.count !== ends.length - 1) {
    throw malformed(format.name, 1, `announces ${header.count} leaves, but ${ends.length - 1} follow`);
  }
  const leaves = Array.from({ length: header.count }, (_, i) => read(format.line, i + 1));
  return { header, leaves };
}

/** Where each line ends. */
function lineEnds(name: string, bytes: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    ends.push(at);
    if (ends.length - 1 > MAX_LEAVES) throw malformed(name, 1, `holds more than ${MAX_LEAVES} leaves`);
  }
  if (bytes.at(-1) !== LINE_FEED) throw malformed(name, 1, "is cut short: the last line has no end");
  return ends;
}

function readLine<T>(
  name: string,
  schema: v.GenericSchema<unknown, T>,
  decoder: TextDecoder,
  line: Uint8Array,
  i: number,
): T {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(line));
  } catch (cause) {
    throw malformed(name, i + 1, "is not JSON in UTF-8", cause);
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
