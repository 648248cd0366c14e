import type { JsonObject } from "./json.ts";

const HL7 = "http://terminology.hl7.org/CodeSystem";

/** A patient with every kind of direct identifier; each identifying text starts with `SECRET` or is listed below. */
export function patient(changes: JsonObject = {}): JsonObject {
  return {
    resourceType: "Patient",
    id: "SECRET-id-1",
    meta: { versionId: "7", source: "SECRET-source" },
    text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">SECRET narrative</div>' },
    extension: [
      {
        url: "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName",
        valueString: "SECRETmaiden",
      },
      {
        url: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
        valueCode: "F",
      },
    ],
    identifier: [
      { system: "urn:SECRET:other", value: "SECRET-0" },
      {
        type: { coding: [{ system: `${HL7}/v2-0203`, code: "MR" }] },
        system: "urn:hospital",
        value: "SECRET-MRN",
      },
    ],
    name: [{ family: "Quillfeather", given: ["Philippa", "Zoë"], text: "Philippa Zoë Quillfeather" }],
    telecom: [{ system: "phone", value: "SECRET-555" }],
    gender: "female",
    birthDate: "1950-03-16",
    address: [
      {
        line: ["SECRET street 1"],
        city: "Oxbowville",
        state: "Tyrol",
        postalCode: "SECRET-6020",
        country: "AT",
      },
    ],
    photo: [{ contentType: "image/png", data: "U0VDUkVU" }],
    contact: [
      { name: { family: "Thistlewood" }, telecom: [{ system: "email", value: "SECRET@example.org" }] },
    ],
    maritalStatus: { coding: [{ system: `${HL7}/v3-MaritalStatus`, code: "M" }] },
    generalPractitioner: [{ reference: "Practitioner/doc", display: "Dr. SECRETdoctor" }],
    ...changes,
  };
}

/** A final HbA1c of the patient. */
export function hba1c(id: string, day: string, value: number, changes: JsonObject = {}): JsonObject {
  return {
    resourceType: "Observation",
    id,
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "4548-4", display: "HbA1c" }], text: "SECRET text" },
    subject: { reference: "Patient/SECRET-id-1", display: "SECRET display" },
    effectiveDateTime: day,
    valueQuantity: { value, unit: "%", system: "http://unitsofmeasure.org", code: "%" },
    ...changes,
  };
}

/** A confirmed, active type 2 diabetes of the patient. */
export function diabetes(id: string, changes: JsonObject = {}): JsonObject {
  return {
    resourceType: "Condition",
    id,
    clinicalStatus: { coding: [{ system: `${HL7}/condition-clinical`, code: "active" }] },
    code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10-cm", code: "E11.9" }] },
    subject: { reference: "Patient/SECRET-id-1" },
    onsetDateTime: "2009-04-01",
    note: [{ text: "SECRET note" }],
    ...changes,
  };
}

/** A collection of these resources. */
export function bundle(...resources: JsonObject[]): JsonObject {
  return {
    resourceType: "Bundle",
    type: "collection",
    entry: resources.map((resource) => ({
      fullUrl: `https://SECRET.example/fhir/${String(resource["resourceType"])}/${String(resource["id"])}`,
      resource,
    })),
  };
}
