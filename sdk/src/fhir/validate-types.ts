import { UCUM, evalFhirPathTyped, isPrimitiveType, parseFhirPath, toTypedValue } from "@medplum/core";
import type { Constraint, FhirPathAtom, InternalTypeSchema } from "@medplum/core";
import { elementOf, typeSchema } from "./definitions.ts";
import { shownPath, type FhirFault } from "./faults.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/**
 * Rules that are not asked here: the markup of narrative (it never enters a record), and that a local reference has
 * its contained resource (checked where contained resources are lifted out).
 */
const SKIPPED_RULES = new Set(["txt-1", "txt-2", "ref-1"]);
const parsed = new Map<string, FhirPathAtom>();

/**
 * What the resource validator leaves open: that each data type's value is an object or a primitive as its type
 * asks, and the invariants of the data types themselves (a Period ends after its start, a coded unit names its
 * system …), which stand in the data type's own definition and not in the element's.
 */
export function validateDataTypes(resource: JsonObject, path: string): FhirFault[] {
  const faults: FhirFault[] = [];
  const schema = typeSchema(String(resource["resourceType"]));
  if (schema) walkMembers(resource, schema, path, faults);
  return faults;
}

function walkMembers(value: JsonObject, schema: InternalTypeSchema, path: string, faults: FhirFault[]): void {
  for (const [key, member] of Object.entries(value)) {
    const element = elementOf(schema, key);
    if (!element || element.type === "Resource") continue;
    const place = `${path}.${element.name}`;
    if (Array.isArray(member)) {
      if (member.length === 0) faults.push({ path: shownPath(place), problem: "is an empty list" });
      member.forEach((item, i) => walkValue(item, element.type, `${place}[${i}]`, faults));
    } else {
      walkValue(member, element.type, place, faults);
    }
  }
}

function walkValue(value: unknown, type: string, path: string, faults: FhirFault[]): void {
  if (isPrimitiveType(type)) {
    if (typeof value === "object" && value !== null) {
      faults.push({ path: shownPath(path), problem: `is not a ${type}` });
    }
    return;
  }
  if (!isJsonObject(value)) {
    faults.push({ path: shownPath(path), problem: `is not a ${type}` });
    return;
  }
  const schema = typeSchema(type);
  if (!schema) return;
  if (schema.kind === "complex-type") checkRules(value, type, schema.constraints ?? [], path, faults);
  walkMembers(value, schema, path, faults);
}

function checkRules(
  value: JsonObject,
  type: string,
  rules: readonly Constraint[],
  path: string,
  faults: FhirFault[],
): void {
  for (const rule of rules) {
    if (SKIPPED_RULES.has(rule.key) || holds(rule, { type, value })) continue;
    faults.push({ path: shownPath(path), problem: `breaks the FHIR rule ${rule.key}` });
  }
}

function holds(rule: Constraint, context: { type: string; value: JsonObject }): boolean {
  let expression = parsed.get(rule.expression);
  if (!expression) parsed.set(rule.expression, (expression = parseFhirPath(rule.expression)));
  const variables = { "%context": context, "%ucum": toTypedValue(UCUM) };
  try {
    const result = evalFhirPathTyped(expression, [context], variables);
    // An empty result says that the rule does not apply, as between quantities of different units.
    return result.length !== 1 || result[0]?.value !== false;
  } catch {
    // The evaluator throws on operands of the wrong type, so the value cannot be what the rule asks for.
    return false;
  }
}
