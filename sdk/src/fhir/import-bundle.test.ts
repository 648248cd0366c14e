import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bundle, diabetes, hba1c, patient } from "./bundles.fixture.ts";
import { importBundle, type ImportedRecord } from "./import-bundle.ts";
import type { JsonObject } from "./json.ts";

const options = { asOf: "2025-06-30" };

function textOf(record: ImportedRecord): string {
  return new TextDecoder().decode(record.bytes);
}

function resources(record: ImportedRecord): JsonObject[] {
  return (record.bundle.entry ?? []).map(({ resource }) => resource as unknown as JsonObject);
}

function ofType(record: ImportedRecord, type: string): JsonObject[] {
  return resources(record).filter((resource) => resource["resourceType"] === type);
}

describe("a record", () => {
  test("is what a person would write down by hand of this export", () => {
    const record = importBundle(
      bundle(diabetes("c"), hba1c("o", "2021-05-04T10:00:00+02:00", 7.1), patient()),
      options,
    );
    const base = "https://record.salus.invalid/fhir/";
    expect(JSON.parse(textOf(record))).toEqual({
      resourceType: "Bundle",
      type: "collection",
      entry: [
        {
          fullUrl: `${base}Patient/patient`,
          resource: {
            resourceType: "Patient",
            id: "patient",
            extension: [
              { url: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", valueCode: "F" },
            ],
            gender: "female",
            birthDate: "1950",
            address: [{ state: "Tyrol", country: "AT" }],
          },
        },
        {
          fullUrl: `${base}Condition/condition-00001`,
          resource: {
            resourceType: "Condition",
            id: "condition-00001",
            clinicalStatus: {
              coding: [
                { system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" },
              ],
            },
            code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10-cm", code: "E11.9" }] },
            subject: { reference: "Patient/patient" },
            onsetDateTime: "2009",
          },
        },
        {
          fullUrl: `${base}Observation/observation-00001`,
          resource: {
            resourceType: "Observation",
            id: "observation-00001",
            status: "final",
            code: { coding: [{ system: "http://loinc.org", code: "4548-4", display: "HbA1c" }] },
            subject: { reference: "Patient/patient" },
            effectiveDateTime: "2021",
            valueQuantity: { value: 7.1, unit: "%", system: "http://unitsofmeasure.org", code: "%" },
          },
        },
      ],
    });
    expect(record.report).toEqual({
      kept: { Patient: 1, Condition: 1, Observation: 1 },
      dropped: [],
      removed: expect.objectContaining({ names: 1, narrative: 1, identifiers: 2, "notes and free text": 1 }),
      ageCapped: false,
    });
  });

  test("has canonical bytes that equal its bundle", () => {
    const record = importBundle(bundle(patient(), diabetes("c")), options);
    expect(JSON.parse(textOf(record))).toEqual(record.bundle);
    expect(textOf(record).startsWith('{"entry":[{"fullUrl":')).toBe(true);
  });

  test("does not depend on the order of entries or of keys, nor on text or parsed input", () => {
    const all = [
      patient(),
      diabetes("c"),
      ...[1, 2, 3, 4].map((i) => hba1c(`o${i}`, `202${i % 2}-01-0${i}`, 6 + i / 10)),
    ];
    const expected = textOf(importBundle(bundle(...all), options));
    const reversed = (value: JsonObject): JsonObject => Object.fromEntries(Object.entries(value).reverse());
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(textOf(importBundle(bundle(...shuffled), options))).toBe(expected);
        expect(textOf(importBundle(JSON.stringify(bundle(...shuffled.map(reversed))), options))).toBe(
          expected,
        );
      }),
      { numRuns: 40 },
    );
  });

  test("lists observations in the order of their exact times, so that the last is the latest", () => {
    const record = importBundle(
      bundle(
        patient(),
        hba1c("later", "2021-11-30", 8),
        hba1c("undated", "2021", 5, { effectiveDateTime: undefined }),
        hba1c("same-day-evening", "2021-03-01T18:00:00+01:00", 7),
        hba1c("same-day-earlier-instant", "2021-03-01T20:00:00+05:00", 6),
      ),
      options,
    );
    const values = ofType(record, "Observation").map((o) => (o["valueQuantity"] as JsonObject)["value"]);
    expect(values).toEqual([5, 6, 7, 8]);
  });

  test("leaves its input as it was", () => {
    const input = bundle(patient(), diabetes("c"));
    const before = structuredClone(input);
    importBundle(input, options);
    expect(input).toEqual(before);
  });
});

describe("what identifies", () => {
  const names = ["Quillfeather", "Philippa", "Zoë", "Thistlewood", "Oxbowville", "U0VDUkVU", "1950-03-16"];

  test("is nowhere in the record", () => {
    const doctor = { resourceType: "Practitioner", id: "doc", name: [{ family: "Grimblesnatch" }] };
    const record = importBundle(
      bundle(
        patient(),
        doctor,
        diabetes("c", { recorder: { reference: "Practitioner/doc", display: "Grimblesnatch" } }),
        hba1c("o1", "2020-02-02", 6, { code: { text: "Sugar of Philippa Quillfeather" } }),
        hba1c("o2", "2020-02-02", 6, {
          code: {
            coding: [
              { system: "http://loinc.org", code: "4548-4", display: "HbA1c ordered by grimblesnatch" },
            ],
          },
          valueQuantity: undefined,
          valueString: "seen by Zoe at Oxbowville",
          issued: "2020-02-03T10:00:00Z",
          identifier: [{ value: "SECRET-order" }],
          note: [{ text: "SECRET" }],
          performer: [{ display: "SECRET" }],
        }),
        hba1c("o3", "2020-02-02", 6, { code: { text: "call 555-123-4567 or a@b.example" } }),
      ),
      options,
    );
    const text = textOf(record);
    for (const secret of [
      "SECRET",
      "2020-02",
      "Grimblesnatch",
      "grimblesnatch",
      "555-123",
      "a@b",
      ...names,
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(record.report.dropped).toContainEqual({
      resourceType: "Observation",
      reason: "incomplete without the removed content",
      count: 2,
    });
  });

  test("cannot come back through any text of a resource", () => {
    const place = fc.constantFrom(
      "code",
      "unit",
      "value",
      "interpretation",
      "bodySite",
      "method",
      "device",
      "range",
    );
    fc.assert(
      fc.property(place, fc.constantFrom("Quillfeather", "PHILIPPA", "zoe", "Thistlewood"), (where, name) => {
        const text = { text: `of ${name}.` };
        const changes: Record<string, JsonObject> = {
          code: { code: { coding: [{ system: "s", code: "1", display: text.text }] } },
          unit: { valueQuantity: { value: 1, unit: text.text } },
          value: { valueQuantity: undefined, valueString: text.text },
          interpretation: { interpretation: [text] },
          bodySite: { bodySite: text },
          method: { method: text },
          device: { device: { display: text.text } },
          range: { referenceRange: [{ low: { value: 1 }, text: text.text }] },
        };
        const record = importBundle(bundle(patient(), hba1c("o", "2020-01-01", 6, changes[where])), options);
        expect(textOf(record).toLowerCase()).not.toContain(name.toLowerCase());
        expect(ofType(record, "Observation")).toHaveLength(1);
      }),
    );
  });

  test("is returned beside the record for the institution's own table", () => {
    expect(importBundle(bundle(patient()), options).person).toEqual({
      key: "urn:hospital|SECRET-MRN",
      source: "medical-record-number",
    });
    const other = importBundle(bundle(patient()), { ...options, personSystem: "urn:SECRET:other" });
    expect(other.person?.key).toBe("urn:SECRET:other|SECRET-0");
    const plain = importBundle(bundle(patient({ identifier: undefined })), options);
    expect(plain.person).toEqual({ key: "Patient/SECRET-id-1", source: "patient-id" });
  });
});

describe("age", () => {
  const birth = (birthDate: string, changes: JsonObject = {}): unknown =>
    ofType(importBundle(bundle(patient({ birthDate, ...changes })), options), "Patient")[0]?.["birthDate"];

  // 45 CFR 164.514(b)(2)(i)(C): ages over 89 become one category, 90 or older.
  test.each([
    ["1936-01-01", "1936"], // turns 89 in 2025
    ["1935-12-31", "1935"], // turns 90 in 2025: the cap's own year
    ["1934-06-30", "1935"],
    ["1919-01-01", "1935"],
  ])("of a person born %s is shown by the year %s", (day, year) => expect(birth(day)).toBe(year));

  test("counts as over 89 from the first day of the year in which it gets there", () => {
    const capped = (birthDate: string): boolean =>
      importBundle(bundle(patient({ birthDate })), options).report.ageCapped;
    expect([capped("1935-12-31"), capped("1936-01-01")]).toEqual([true, false]);
  });

  test("is capped as of the year of death", () => {
    expect(birth("1915-01-01", { deceasedDateTime: "2000-05-05" })).toBe("1915");
    expect(birth("1905-01-01", { deceasedDateTime: "2000-05-05" })).toBe("1910");
  });

  test("over 89 leaves no older date and no age anywhere", () => {
    const age = { value: 61, unit: "a", system: "http://unitsofmeasure.org", code: "a" };
    const record = importBundle(
      bundle(
        patient({ birthDate: "1920-02-02" }),
        diabetes("c1", { onsetDateTime: "1931-01-01" }),
        diabetes("c2", { onsetDateTime: undefined, onsetAge: age }),
        diabetes("c3", { onsetDateTime: undefined, onsetRange: { low: age, high: age } }),
        hba1c("o", "2020-01-01", 95, { code: { coding: [{ system: "http://loinc.org", code: "30525-0" }] } }),
      ),
      options,
    );
    expect(textOf(record)).not.toMatch(/1920|1931|61/);
    expect(ofType(record, "Condition").map((c) => c["onsetDateTime"])).toContain("1935");
    expect(ofType(record, "Observation")).toEqual([]);
    expect(record.report.ageCapped).toBe(true);
  });

  test("over 89 is capped even where the birth date does not tell", () => {
    const old = { value: 93, unit: "a", system: "http://unitsofmeasure.org", code: "a" };
    const record = importBundle(
      bundle(patient({ birthDate: undefined }), diabetes("c", { onsetDateTime: undefined, onsetAge: old })),
      options,
    );
    expect(ofType(record, "Condition")[0]?.["onsetAge"]).toMatchObject({ value: 90 });
  });
});

describe("what a record does not hold", () => {
  test("is left out and counted with its reason", () => {
    const record = importBundle(
      bundle(
        patient(),
        { resourceType: "Claim", id: "claim", nonsense: true },
        diabetes("mistaken", {
          clinicalStatus: undefined,
          verificationStatus: {
            coding: [
              {
                system: "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                code: "entered-in-error",
              },
            ],
          },
        }),
        hba1c("mistaken", "2020-01-01", 5, { status: "entered-in-error" }),
        hba1c("nobody", "2020-01-01", 5, { subject: undefined }),
        hba1c("group", "2020-01-01", 5, { subject: { reference: "Group/family" } }),
        hba1c("donor", "2020-01-01", 5, { focus: [{ reference: "RelatedPerson/donor" }] }),
        hba1c("modified", "2020-01-01", 5, { modifierExtension: [{ url: "urn:not", valueBoolean: true }] }),
      ),
      options,
    );
    expect(record.report.kept).toEqual({ Patient: 1 });
    expect(record.report.dropped).toEqual([
      { resourceType: "Claim", reason: "not a record resource type", count: 1 },
      { resourceType: "Condition", reason: "entered in error", count: 1 },
      { resourceType: "Observation", reason: "about no named person", count: 1 },
      { resourceType: "Observation", reason: "about something other than the patient", count: 2 },
      { resourceType: "Observation", reason: "entered in error", count: 1 },
      { resourceType: "Observation", reason: "has a modifier that is not understood", count: 1 },
    ]);
  });

  test("leaves no reference to itself behind", () => {
    const report = {
      resourceType: "DiagnosticReport",
      id: "r",
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "24331-1" }] },
      subject: { reference: "https://SECRET.example/fhir/Patient/SECRET-id-1" },
      result: [
        { reference: "Observation/kept" },
        { reference: "Observation/mistaken" },
        { reference: "Observation/none" },
      ],
    };
    const record = importBundle(
      bundle(
        patient(),
        report,
        hba1c("kept", "2020-01-01", 5),
        hba1c("mistaken", "2020-01-01", 5, { status: "entered-in-error" }),
      ),
      options,
    );
    expect(ofType(record, "DiagnosticReport")[0]?.["result"]).toEqual([
      { reference: "Observation/observation-00001" },
    ]);
  });
});

test("a medication contained in its prescription becomes an entry of its own", () => {
  const request = {
    resourceType: "MedicationRequest",
    id: "m",
    status: "active",
    intent: "order",
    contained: [
      {
        resourceType: "Medication",
        id: "med",
        code: { coding: [{ system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "6809" }] },
      },
      { resourceType: "Organization", id: "org", name: "SECRET" },
    ],
    medicationReference: { reference: "#med" },
    subject: { reference: "Patient/SECRET-id-1" },
  };
  const record = importBundle(bundle(patient(), request), options);
  expect(ofType(record, "MedicationRequest")[0]).toMatchObject({
    medicationReference: { reference: "Medication/medication-00001" },
  });
  expect(ofType(record, "Medication")).toHaveLength(1);
  expect(textOf(record)).not.toContain("SECRET");
});
