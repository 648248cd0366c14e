import { SalusError } from "../errors.ts";

/** One fault of an input: where (a FHIRPath) and what is wrong there. Never a value. */
export interface FhirFault {
  path: string;
  problem: string;
}

const SHOWN_FAULTS = 20;
const SAFE_NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/**
 * The error for input that is not what FHIR asks for. The message names the first fault's path; `details.faults`
 * lists up to 20. Values are never quoted: an error may end up in a log, and the input is a person's record.
 */
export function invalidFhir(faults: readonly FhirFault[]): SalusError {
  const first = faults[0];
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return new SalusError({
    code: "SDK_FHIR_INVALID",
    message: `This is not valid FHIR R4: ${first?.path ?? "Bundle"} ${first?.problem ?? "is malformed"}${more}.`,
    hint: "Correct the named elements in the exporting system, or leave the resource out, and import again.",
    details: { faults: faults.slice(0, SHOWN_FAULTS), count: faults.length },
  });
}

/** A property name that may be shown: a fault must not leak text that someone put where a name belongs. */
export function shownName(name: string): string {
  return SAFE_NAME.test(name) ? name : "(unreadable name)";
}

/** A path whose every segment may be shown; choice elements lose their `[x]`, as in FHIRPath. */
export function shownPath(path: string): string {
  return path
    .replaceAll("[x]", "")
    .split(".")
    .map((segment) => {
      const [, name = "", index = ""] = /^_?([^[]*)((?:\[\d+\])*)$/.exec(segment) ?? [];
      return shownName(name) + index;
    })
    .join(".");
}
