import { describe, expect, test } from "vitest";
import { SalusError } from "../errors.ts";
import { bundle, diabetes, hba1c, patient } from "./bundles.fixture.ts";
import { importBundle, type ImportOptions } from "./import-bundle.ts";
import type { JsonObject } from "./json.ts";

function errorOf(input: unknown, options: Partial<ImportOptions> = {}): SalusError {
  try {
    importBundle(input, { asOf: "2025-06-30", ...options });
  } catch (error) {
    if (error instanceof SalusError) return error;
    throw error;
  }
  throw new Error("The import was accepted.");
}

function firstFault(...resources: JsonObject[]): { path: string; problem: string } {
  const error = errorOf(bundle(patient(), ...resources));
  expect(error.code).toBe("SDK_FHIR_INVALID");
  const [fault] = (error.details as { faults: { path: string; problem: string }[] }).faults;
  return fault ?? { path: "", problem: "" };
}

describe("a file is refused", () => {
  const nested = `${'{"a":'.repeat(100)}1${"}".repeat(100)}`;
  test.each<[string, unknown, Partial<ImportOptions>, string]>([
    ["that is not JSON", '{"resourceType": "Bundle", SECRET', {}, "SDK_FHIR_NOT_JSON"],
    ["that ends too early", '{"resourceType": "Bun', {}, "SDK_FHIR_NOT_JSON"],
    ["that is a bare value", '"SECRET"', {}, "SDK_FHIR_NOT_A_BUNDLE"],
    ["that is another resource", patient(), {}, "SDK_FHIR_NOT_A_BUNDLE"],
    ["of no known bundle type", { ...bundle(patient()), type: "history" }, {}, "SDK_FHIR_INVALID"],
    ["without entries", { resourceType: "Bundle", type: "collection" }, {}, "SDK_FHIR_INVALID"],
    ["that is too large as text", JSON.stringify(bundle(patient())), { maxBytes: 500 }, "SDK_FHIR_TOO_LARGE"],
    ["that is too large as an object", bundle(patient()), { maxBytes: 500 }, "SDK_FHIR_TOO_LARGE"],
    ["that is nested without end", nested, {}, "SDK_FHIR_TOO_DEEP"],
    [
      "that is one page of many",
      { ...bundle(patient()), type: "searchset", link: [{ relation: "next", url: "SECRET" }] },
      {},
      "SDK_FHIR_PARTIAL",
    ],
    ["without a patient", bundle(diabetes("c")), {}, "SDK_FHIR_PATIENT_COUNT"],
    ["with two patients", bundle(patient(), patient({ id: "SECRET-2" })), {}, "SDK_FHIR_PATIENT_COUNT"],
    [
      "that mixes two people",
      bundle(patient(), diabetes("c", { subject: { reference: "Patient/SECRET-2" } })),
      {},
      "SDK_FHIR_OTHER_PERSON",
    ],
    ["for a day that is none", bundle(patient()), { asOf: "soon" }, "SDK_FHIR_OPTIONS"],
  ])("%s", (_, input, options, code) => {
    const error = errorOf(input, options);
    expect(error.code).toBe(code);
    expect(error.hint.length).toBeGreaterThan(20);
    expect(JSON.stringify([error.message, error.hint, error.details, String(error.cause)])).not.toContain(
      "SECRET",
    );
  });

  test("that refers to itself, without an endless loop", () => {
    const loop: JsonObject = { resourceType: "Bundle", type: "collection" };
    loop["entry"] = [loop];
    expect(errorOf(loop).code).toBe("SDK_FHIR_TOO_DEEP");
  });

  test("where the JSON is broken, with the place but not the text", () => {
    expect(errorOf('{"a": 1 SECRET').message).toBe("The file is not JSON (fault at character 8).");
    expect(errorOf('{"a": "SECRET').message).toBe("The file is not JSON (it ends too early).");
    expect(errorOf('{"a": SECRET}').message).toBe("The file is not JSON.");
  });
});

describe("a fault is named by its path", () => {
  const at = "Bundle.entry[1].resource";
  test.each<[string, JsonObject, string, RegExp]>([
    ["a missing element", hba1c("o", "2020-01-01", 5, { status: undefined }), `${at}.status`, /required/],
    [
      "a code that FHIR does not have",
      hba1c("o", "2020-01-01", 5, { status: "SECRET" }),
      `${at}.status`,
      /not a code/,
    ],
    [
      "an element that FHIR does not have",
      hba1c("o", "2020-01-01", 5, { colour: 1 }),
      `${at}.colour`,
      /does not|not an/,
    ],
    [
      "a name that is no name",
      hba1c("o", "2020-01-01", 5, { "SECRET x": 1 }),
      `${at}.(unreadable name)`,
      /not an/,
    ],
    [
      "a number in quotes",
      hba1c("o", "2020-01-01", 5, { valueQuantity: { value: "SECRET" } }),
      `${at}.value.value`,
      /expected number/,
    ],
    ["a day that does not exist", hba1c("o", "2020-02-30", 5), `${at}.effective`, /dateTime/],
    [
      "an object where a text belongs",
      hba1c("o", "2020-01-01", 5, { status: { SECRET: 1 } }),
      `${at}.status`,
      /./,
    ],
    [
      "a text where an object belongs",
      hba1c("o", "2020-01-01", 5, { code: "SECRET" }),
      `${at}.code`,
      /CodeableConcept/,
    ],
    [
      "two values of one choice",
      hba1c("o", "2020-01-01", 5, { valueString: "SECRET" }),
      at,
      /two values of one choice/,
    ],
    [
      "a period that ends before it starts (per-1)",
      hba1c("o", "2020-01-01", 5, {
        effectiveDateTime: undefined,
        effectivePeriod: { start: "2020-01-02", end: "2020-01-01" },
      }),
      `${at}.effective`,
      /per-1/,
    ],
    [
      "a coded unit without its system (qty-3)",
      hba1c("o", "2020-01-01", 5, { valueQuantity: { value: 1, code: "%" } }),
      `${at}.value`,
      /qty-3/,
    ],
    [
      "a value beside the reason for its absence (obs-6)",
      hba1c("o", "2020-01-01", 5, { dataAbsentReason: { text: "SECRET" } }),
      at,
      /obs-6/,
    ],
    ["an empty list", hba1c("o", "2020-01-01", 5, { category: [] }), `${at}.category`, /empty/],
    ["a null", hba1c("o", "2020-01-01", 5, { method: null }), `${at}.method`, /not a CodeableConcept/],
    [
      "a contained resource that is not there",
      hba1c("o", "2020-01-01", 5, { specimen: { reference: "#SECRET" } }),
      `${at}.specimen`,
      /not there/,
    ],
  ])("%s", (_, resource, path, problem) => {
    const fault = firstFault(resource);
    expect(fault.path).toBe(path);
    expect(fault.problem).toMatch(problem);
    expect(JSON.stringify(fault)).not.toContain("SECRET");
  });

  test("and all faults are listed, up to twenty", () => {
    const broken = Array.from({ length: 30 }, (_, i) =>
      hba1c(`o${i}`, "2020-01-01", 5, { status: undefined }),
    );
    const error = errorOf(bundle(patient(), ...broken));
    expect(error.message).toContain("Bundle.entry[1].resource.status is required but missing (and 29 more)");
    expect((error.details as { faults: unknown[]; count: number }).faults).toHaveLength(20);
  });

  test("also when two entries share an address", () => {
    expect(firstFault(diabetes("same"), diabetes("same")).path).toBe("Bundle.entry[2].resource");
  });
});
