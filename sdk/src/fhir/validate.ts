import { OperationOutcomeError, validateResource } from "@medplum/core";
import type { OperationOutcomeIssue, Resource } from "@medplum/fhirtypes";
import { loadDefinitions, requiredCodes } from "./definitions.ts";
import { shownPath, type FhirFault } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import { validateDataTypes } from "./validate-types.ts";

/** Texts of the validator that hold no value of the input. */
const SAFE_PROBLEM =
  /^(Missing required property|Invalid (null|undefined|empty|numeric) ?(non-primitive )?(value)?|Expected (array of values|single value) for property|Invalid number of values: expected [\d.*]+, but found \d+|Invalid JSON type: expected \w+, but got \w+|Invalid \w+ (format|value)|String (must contain non-whitespace content|cannot be larger than 1 MB)|Expected number to be .*|base64Binary exceeds \d+ bytes)$/;

/**
 * Checks one resource against FHIR R4: structure, cardinality, primitive formats, invariants and required codes.
 * Needs no network. `path` is where the resource stands in the input; the faults' paths start with it.
 */
export function validateFhir(resource: JsonObject, path: string): FhirFault[] {
  loadDefinitions();
  const tokens: Record<string, { path: string; value: unknown }[]> = {};
  const faults = validateDataTypes(resource, path);
  faults.push(...structureIssues(resource, tokens).map((issue) => toFault(issue, path)));
  for (const [valueSet, values] of Object.entries(tokens)) {
    const codes = requiredCodes(valueSet);
    for (const token of values) {
      if (typeof token.value !== "string" || !codes || codes.includes(token.value)) continue;
      faults.push({ path: place(token.path, path), problem: `is not a code of ${valueSet.split("|")[0]}` });
    }
  }
  return faults.filter((fault, i) => !faults.slice(0, i).some((earlier) => covers(earlier, fault)));
}

/** Two checks may meet in one element, and a value of the wrong type has nothing right in it: one fault says enough. */
function covers(earlier: FhirFault, fault: FhirFault): boolean {
  if (earlier.path === fault.path) return true;
  return earlier.problem.startsWith("is not a ") && fault.path.startsWith(`${earlier.path}.`);
}

function structureIssues(resource: JsonObject, tokens: object): OperationOutcomeIssue[] {
  try {
    // Warnings count too: the validator warns of two values of one choice element, which FHIR forbids.
    return validateResource(resource as unknown as Resource, { collect: { tokens: tokens as never } });
  } catch (error) {
    if (error instanceof OperationOutcomeError) return error.outcome.issue;
    // The validator walks into values of the wrong shape and throws: that, too, is a fault of the input.
    return [{ severity: "error", code: "structure", expression: [String(resource["resourceType"])] }];
  }
}

function toFault(issue: OperationOutcomeIssue, path: string): FhirFault {
  return { path: place(issue.expression?.[0] ?? "", path), problem: problemOf(issue) };
}

function problemOf(issue: OperationOutcomeIssue): string {
  const text = issue.details?.text ?? "";
  const rule = /^Constraint ([a-z]+-\d+[a-z]?) not met/.exec(text)?.[1];
  if (rule) return `breaks the FHIR rule ${rule}`;
  if (text.startsWith("Invalid additional property")) return "is not an element that FHIR has here";
  if (text.startsWith("Conflicting choice")) return "has two values of one choice";
  if (text === "Missing required property") return "is required but missing";
  return SAFE_PROBLEM.test(text)
    ? `is malformed: ${text.charAt(0).toLowerCase()}${text.slice(1)}`
    : "does not have the shape that FHIR asks for";
}

/** `Observation.component[1].code` within `Bundle.entry[3].resource` → `Bundle.entry[3].resource.component[1].code`. */
function place(expression: string, path: string): string {
  const inner = expression.split(".").slice(1).join(".");
  return inner === "" ? path : `${path}.${shownPath(inner)}`;
}
