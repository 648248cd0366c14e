import { SalusError } from "../errors.ts";
import { invalidFhir, shownName, shownPath, type FhirFault } from "./faults.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/** The largest input that is read, in bytes of UTF-8, unless the caller sets another limit. */
export const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 64;
const MAX_ENTRIES = 20_000;

/** Kinds of bundle whose entries are the resources themselves (a history would hold several states of one). */
const BUNDLE_TYPES = new Set(["collection", "transaction", "batch", "searchset", "document"]);

/** One resource of the input. */
export interface SourceEntry {
  /** FHIRPath of the resource in the input, for messages. */
  path: string;
  resourceType: string;
  /** The entry's address in the input, or undefined. */
  fullUrl: string | undefined;
  resource: JsonObject;
}

/**
 * Reads a bundle: JSON text or an already parsed value, within `maxBytes` of UTF-8.
 * The result shares nothing with the input.
 *
 * @throws SalusError SDK_FHIR_TOO_LARGE, SDK_FHIR_TOO_DEEP, SDK_FHIR_NOT_JSON, SDK_FHIR_NOT_A_BUNDLE,
 * SDK_FHIR_PARTIAL (one page of a search), SDK_FHIR_INVALID.
 */
export function readBundle(input: unknown, maxBytes: number): SourceEntry[] {
  const value = typeof input === "string" ? parseText(input, maxBytes) : input;
  const bundle = new BoundedCopy(maxBytes).copy(value, "Bundle", 0);
  checkBundle(bundle);
  const entries = bundle["entry"];
  if (!Array.isArray(entries) || entries.length === 0) {
    throw invalidFhir([{ path: "Bundle.entry", problem: "has no resources" }]);
  }
  if (entries.length > MAX_ENTRIES) throw tooLarge(`more than ${MAX_ENTRIES} entries`);
  const faults: FhirFault[] = [];
  const read = entries.map((entry, index) => readEntry(entry, `Bundle.entry[${index}]`, faults));
  if (faults.length > 0) throw invalidFhir(faults);
  return read.filter((entry) => entry !== undefined);
}

function parseText(text: string, maxBytes: number): unknown {
  if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes) {
    throw tooLarge(`more than ${maxBytes} bytes`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    // The engine's message quotes the text around the fault; only the position, where it gives one, is passed on.
    const reason = error instanceof Error ? error.message : "";
    const position = /position (\d+)/.exec(reason)?.[1];
    const early = /end of JSON|Unterminated/.test(reason) ? " (it ends too early)" : "";
    throw new SalusError({
      code: "SDK_FHIR_NOT_JSON",
      message: `The file is not JSON${early || (position ? ` (fault at character ${position})` : "")}.`,
      hint: "Export the record again as FHIR R4 JSON; XML and NDJSON are not read here.",
      details: position ? { position: Number(position) } : undefined,
    });
  }
}

function tooLarge(what: string): SalusError {
  return new SalusError({
    code: "SDK_FHIR_TOO_LARGE",
    message: `The bundle has ${what}, which is above the limit.`,
    hint: "Export one person per bundle, without documents and images, or raise `maxBytes`.",
  });
}

/** Copies a JSON value within a depth and a size, so that no later step can be made to recurse or grow without end. */
class BoundedCopy {
  #left: number;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#left = maxBytes;
    this.#maxBytes = maxBytes;
  }

  copy(value: unknown, path: string, depth: number): JsonObject {
    if (!isJsonObject(value)) throw notABundle("something that is not an object");
    return this.#any(value, path, depth) as JsonObject;
  }

  #any(value: unknown, path: string, depth: number): unknown {
    this.#spend(1);
    if (depth > MAX_DEPTH) throw tooDeep(path);
    if (Array.isArray(value)) {
      return value.map((item, index) => this.#any(item, `${path}[${index}]`, depth + 1));
    }
    if (isJsonObject(value)) return this.#object(value, path, depth);
    if (typeof value === "string") this.#spend(value.length);
    else if (value !== null && typeof value !== "boolean" && !Number.isFinite(value)) {
      throw invalidFhir([{ path: shownPath(path), problem: "is not a JSON value" }]);
    }
    return value;
  }

  #object(value: JsonObject, path: string, depth: number): JsonObject {
    const copy: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      this.#spend(key.length);
      if (key === "__proto__") {
        throw invalidFhir([{ path: shownPath(path), problem: "has a property that FHIR does not have" }]);
      }
      if (member !== undefined) copy[key] = this.#any(member, `${path}.${key}`, depth + 1);
    }
    return copy;
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw tooLarge(`more than ${this.#maxBytes} bytes`);
  }
}

function tooDeep(path: string): SalusError {
  return new SalusError({
    code: "SDK_FHIR_TOO_DEEP",
    message: `The bundle is nested more than ${MAX_DEPTH} levels deep.`,
    hint: "FHIR resources are never that deep; check the system that wrote this file.",
    details: { path: shownPath(path).split(".").slice(0, 6).join(".") },
  });
}

function notABundle(found: string): SalusError {
  return new SalusError({
    code: "SDK_FHIR_NOT_A_BUNDLE",
    message: `A FHIR Bundle is expected here, but this is ${found}.`,
    hint: "Export the whole record of one person as one FHIR R4 Bundle (for instance by Patient/$everything).",
  });
}

function checkBundle(bundle: JsonObject): void {
  const type = bundle["resourceType"];
  if (type !== "Bundle") {
    throw notABundle(typeof type === "string" ? `a ${shownName(type)}` : "an object without resourceType");
  }
  if (typeof bundle["type"] !== "string" || !BUNDLE_TYPES.has(bundle["type"])) {
    throw invalidFhir([{ path: "Bundle.type", problem: `is not one of ${[...BUNDLE_TYPES].join(", ")}` }]);
  }
  const links = Array.isArray(bundle["link"]) ? bundle["link"] : [];
  if (links.some((link) => isJsonObject(link) && link["relation"] === "next")) {
    throw new SalusError({
      code: "SDK_FHIR_PARTIAL",
      message: "This bundle is one page of a longer search result: the rest of the record is missing.",
      hint: "Fetch all pages and import them as one bundle.",
    });
  }
}

function readEntry(entry: unknown, path: string, faults: FhirFault[]): SourceEntry | undefined {
  if (!isJsonObject(entry) || !isJsonObject(entry["resource"])) {
    faults.push({ path, problem: "has no resource" });
    return undefined;
  }
  const { resource, fullUrl, request } = entry;
  const resourceType = (resource as JsonObject)["resourceType"];
  if (typeof resourceType !== "string" || shownName(resourceType) !== resourceType) {
    faults.push({ path: `${path}.resource`, problem: "has no resourceType" });
    return undefined;
  }
  if (fullUrl !== undefined && (typeof fullUrl !== "string" || /\s/.test(fullUrl) || fullUrl === "")) {
    faults.push({ path: `${path}.fullUrl`, problem: "is not a uri" });
    return undefined;
  }
  const method = isJsonObject(request) ? request["method"] : undefined;
  if (method !== undefined && method !== "POST" && method !== "PUT") {
    faults.push({ path: `${path}.request.method`, problem: "is neither POST nor PUT" });
    return undefined;
  }
  return { path: `${path}.resource`, resourceType, fullUrl, resource: resource as JsonObject };
}
