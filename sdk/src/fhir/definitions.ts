import { loadDataType, tryGetDataType } from "@medplum/core";
import type { InternalSchemaElement, InternalTypeSchema } from "@medplum/core";
import type { StructureDefinition } from "@medplum/fhirtypes";
import r4 from "./generated/r4.json" with { type: "json" };

/** One element of a FHIR type, found by its JSON name. */
export interface ElementOfType {
  /** The element's name in the definition: `status`, `value[x]`. */
  name: string;
  /** The FHIR type of this value: `code`, `Quantity`, `ObservationComponent` … */
  type: string;
  schema: InternalSchemaElement;
}

let loaded = false;
const elements = new WeakMap<InternalTypeSchema, Map<string, ElementOfType>>();

/** Gives the validator the R4 definitions of the record's resource types, once, at the first import of a bundle. */
export function loadDefinitions(): void {
  if (loaded) return;
  for (const structure of r4.structures) loadDataType(structure as unknown as StructureDefinition);
  loaded = true;
}

/** The schema of a FHIR type (`Observation`, `ObservationComponent`, `Quantity` …), or undefined. */
export function typeSchema(type: string): InternalTypeSchema | undefined {
  loadDefinitions();
  return tryGetDataType(type);
}

/** The element that a JSON property stands for, choice elements included (`valueQuantity` → `value[x]`, Quantity). */
export function elementOf(schema: InternalTypeSchema, key: string): ElementOfType | undefined {
  let known = elements.get(schema);
  if (!known) elements.set(schema, (known = new Map()));
  const element = known.get(key) ?? findElement(schema, key);
  // Only what exists is remembered: names that FHIR does not have are without number.
  if (element) known.set(key, element);
  return element;
}

function findElement(schema: InternalTypeSchema, key: string): ElementOfType | undefined {
  const plain = Object.hasOwn(schema.elements, key) ? schema.elements[key] : undefined;
  if (plain) return { name: key, type: plain.type[0]?.code ?? "", schema: plain };
  for (const [name, element] of Object.entries(schema.elements)) {
    if (!name.endsWith("[x]") || !key.startsWith(name.slice(0, -3))) continue;
    const suffix = key.slice(name.length - 3);
    const type = element.type.find(({ code }) => code.charAt(0).toUpperCase() + code.slice(1) === suffix);
    if (type) return { name, type: type.code, schema: element };
  }
  return undefined;
}

/** The codes of a required value set (`url|version`), or undefined where FHIR does not enumerate them. */
export function requiredCodes(valueSet: string): readonly string[] | undefined {
  return (r4.codes as Record<string, readonly string[]>)[valueSet];
}
