import type { Bundle, Condition, MedicationRequest, Observation } from "@medplum/fhirtypes";
import { beforeAll, describe, expect, test } from "vitest";
import { importBundle, type ImportedRecord } from "../../../sdk/src/fhir/import-bundle.ts";
import { generatePatient } from "./generate.ts";
import { clinicPatient } from "./patient.ts";
import { demoSecret } from "./personas.ts";
import { consentForm, HOSPITALS, hospitalPatients, WORLD, type HospitalPatient } from "./world.ts";

const asOf = WORLD.referenceDay;
let hospitals: { slug: string; patients: HospitalPatient[]; imports: ImportedRecord[]; records: Bundle[] }[];

beforeAll(() => {
  hospitals = HOSPITALS.map(({ slug }) => {
    const patients = hospitalPatients(slug);
    const imports = patients.map(({ bundle }) => importBundle(bundle, { asOf }));
    return { slug, patients, imports, records: imports.map(({ bundle }) => bundle) };
  });
}, 120_000);

describe("every generated patient", () => {
  test("imports whole: nothing dropped, no exact date, no name, one person each", () => {
    const people = new Set<string>();
    for (const { imports } of hospitals) {
      for (const { report, bytes, person } of imports) {
        expect(report.dropped).toEqual([]);
        expect(report.removed).toMatchObject({ names: 1, identifiers: 1, addresses: 1 });
        expect(new TextDecoder().decode(bytes)).not.toMatch(
          /Testperson|\d{4}-\d{2}-\d{2}|ST-ANNA|LAKESIDE|NORTH-CLINIC/,
        );
        people.add(person?.key ?? "");
      }
    }
    expect(people.size).toBe(300);
  });

  test("has blood pressure and weight, and most have HbA1c", () => {
    for (const { records } of hospitals) {
      for (const code of ["8480-6", "8462-4", "39156-5", "29463-7", "2345-7", "2160-0", "718-7"]) {
        expect(withValue(records, code)).toBe(100);
      }
      expect(withValue(records, "4548-4")).toBeGreaterThanOrEqual(80);
    }
  });

  test("has values and dates that a person can have", () => {
    const plausible: Record<string, [number, number]> = {
      "4548-4": [4, 15],
      "8480-6": [80, 220],
      "8462-4": [40, 130],
      "39156-5": [16, 60],
      "2345-7": [60, 400],
      "13457-7": [25, 260],
      "2160-0": [0.3, 6],
      "98979-8": [10, 135],
      "718-7": [7, 19],
      "8867-4": [40, 140],
      "59408-5": [80, 100],
      "8302-2": [130, 210],
    };
    for (const bundle of hospitals.flatMap(({ patients }) => patients.map((patient) => patient.bundle))) {
      for (const part of observations(bundle).flatMap((o) => [o, ...(o.component ?? [])])) {
        const [low, high] = plausible[part.code?.coding?.[0]?.code ?? ""] ?? [0, 400];
        const value = part.valueQuantity?.value;
        if (value !== undefined)
          expect(value >= low && value <= high, `${part.code?.coding?.[0]?.code} ${value}`).toBe(true);
      }
      const days = [
        ...JSON.stringify(bundle).matchAll(/"(?:start|end|\w+DateTime|authoredOn|recordedDate)":"([^"]+)"/g),
      ];
      for (const [, day] of days) expect((day ?? "") <= asOf).toBe(true);
    }
  });
});

describe("conditions", () => {
  test("differ between the hospitals as their profiles say", () => {
    const [anna, lakeside, north] = hospitals.map(
      ({ records }) =>
        (prefix: string) =>
          withCondition(records, prefix),
    );
    expect(anna!("E11")).toBeGreaterThan(lakeside!("E11"));
    expect(anna!("I25")).toBeGreaterThan(lakeside!("I25"));
    expect(lakeside!("J4")).toBeGreaterThan(2 * anna!("J4"));
    expect(north!("N18")).toBeGreaterThan(anna!("N18"));
    expect(north!("I50")).toBeGreaterThan(anna!("I50"));
    for (const count of [anna, lakeside, north]) {
      // At least twice the minimum cell, so that a histogram by diabetes or hypertension shows something.
      expect(count!("E11")).toBeGreaterThanOrEqual(20);
      expect(count!("I10")).toBeGreaterThanOrEqual(40);
    }
  });

  test("show in what is measured and prescribed", () => {
    const records = hospitals.flatMap((hospital) => hospital.records);
    const split = (prefix: string, code: string): [number, number] => {
      const has = (b: Bundle): boolean => withCondition([b], prefix) === 1;
      return [
        mean(latest(records.filter(has), code)),
        mean(
          latest(
            records.filter((b) => !has(b)),
            code,
          ),
        ),
      ];
    };
    const [diabetic, other] = split("E11.9", "4548-4");
    expect(diabetic - other).toBeGreaterThan(1.2);
    const [hypertensive, normal] = split("I10", "8480-6");
    expect(hypertensive - normal).toBeGreaterThan(10);
    const [obese, lean] = split("E66.9", "39156-5");
    expect(obese - lean).toBeGreaterThan(6);
    const [kidney, healthy] = split("N18", "2160-0");
    expect(kidney - healthy).toBeGreaterThan(0.3);
    const onMetformin = records.filter((bundle) => takes(bundle, "6809"));
    expect(onMetformin.length).toBeGreaterThan(50);
    expect(withCondition(onMetformin, "E11.9")).toBe(onMetformin.length);
  });
});

describe("the world is fixed", () => {
  test("the same seed gives the same bytes, another seed another patient", () => {
    for (const { hospital, number } of hospitals
      .flatMap(({ patients }) => patients)
      .filter((_, i) => i % 37 === 0)) {
      const bytes = (seed?: string): string => JSON.stringify(generatePatient({ hospital, number, seed }));
      expect(bytes()).toBe(bytes());
      expect(bytes("other")).not.toBe(bytes());
    }
    expect(JSON.stringify(hospitalPatients("lakeside"))).toBe(JSON.stringify(hospitals[1]?.patients));
  });

  test("patients without a story do not depend on how many others there are", () => {
    expect(generatePatient({ hospital: "st-anna", number: 5 })).toEqual(hospitals[0]?.patients[4]?.bundle);
  });
});

describe("the description", () => {
  test("has 90 attested and 10 patients with accounts in each hospital", () => {
    for (const { patients } of hospitals) {
      expect(patients.filter(({ persona }) => persona).map(({ number }) => number)).toEqual([
        91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
      ]);
    }
    expect(new Set(WORLD.patients.map(({ id }) => id)).size).toBe(30);
    expect(new Set(WORLD.patients.map(({ accountSecret }) => accountSecret)).size).toBe(30);
  });

  test("gives each persona the 32 bytes of its name", () => {
    // printf 'salus/demo-world/1/persona/st-anna-maria' | sha256sum
    expect(demoSecret("st-anna-maria")).toBe(
      "0xb4e77fc2011fec3a6a1737846c038f017c2f830dd0805cf78bdf09b2a5735004",
    );
    for (const { accountSecret } of WORLD.patients) expect(accountSecret).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test("keeps its stories", () => {
    const maria = hospitals[0]?.patients[90];
    expect(maria?.persona?.label).toBe("Maria (patient, St. Anna)");
    expect(withCondition([maria!.bundle], "E11.9")).toBe(1);
    expect(maria?.bundle.entry?.[0]?.resource).toMatchObject({
      gender: "female",
      name: [{ given: ["Maria"] }],
    });
  });

  test("lists only what the patients' forms permit, at a price", () => {
    for (const hospital of HOSPITALS) {
      const { dataset } = hospital;
      expect(dataset.price).toBeGreaterThan(0);
      const forms = Array.from({ length: 90 }, (_, i) => consentForm(hospital, i + 1));
      for (const form of forms) expect(dataset.modes).toEqual(expect.arrayContaining([...form.modes]));
      for (const mode of dataset.modes) {
        expect(forms.filter(({ modes }) => modes.includes(mode)).length).toBeGreaterThanOrEqual(60);
      }
      expect(() => consentForm(hospital, 91)).toThrow(RangeError);
    }
  });

  test("has a dataset for each journey", () => {
    const permits = (...wanted: string[]): boolean =>
      HOSPITALS.some(({ dataset }) =>
        wanted.every((w) => [...dataset.terms, ...dataset.modes].includes(w as never)),
      );
    expect(permits("HMB", "NCU", "analysis", "download")).toBe(true);
    expect(permits("GRU", "training")).toBe(true);
    expect(permits("NPU", "training")).toBe(true);
  });
});

test("the clinic's patient has the features of its bundle and is in no cohort", () => {
  const { bundle, features } = clinicPatient();
  const record = importBundle(bundle, { asOf }).bundle;
  expect(features).toEqual({
    hba1c: latest([record], "4548-4")[0],
    "body-mass-index": latest([record], "39156-5")[0],
    "systolic-blood-pressure": latest([record], "8480-6")[0],
    "birth-year": 1966,
    age: 58,
  });
  expect(hospitals.flatMap(({ records }) => records)).not.toContainEqual(record);
});

function observations(bundle: Bundle): Observation[] {
  return all<Observation>(bundle, "Observation");
}

function all<T>(bundle: Bundle, type: string): T[] {
  return (bundle.entry ?? []).map(({ resource }) => resource).filter((r) => r?.resourceType === type) as T[];
}

/** The last value of a code in each record that has one; records are in order of time. */
function latest(records: readonly Bundle[], code: string): number[] {
  return records
    .map(
      (bundle) =>
        observations(bundle)
          .flatMap((o) => [o, ...(o.component ?? [])])
          .filter((part) => part.code?.coding?.[0]?.code === code)
          .at(-1)?.valueQuantity?.value,
    )
    .filter((value) => value !== undefined);
}

function withValue(records: readonly Bundle[], code: string): number {
  return latest(records, code).length;
}

function withCondition(records: readonly Bundle[], prefix: string): number {
  return records.filter((bundle) =>
    all<Condition>(bundle, "Condition").some((c) => c.code?.coding?.[0]?.code?.startsWith(prefix)),
  ).length;
}

function takes(bundle: Bundle, rxnorm: string): boolean {
  return all<MedicationRequest>(bundle, "MedicationRequest").some(
    (request) => request.medicationCodeableConcept?.coding?.[0]?.code === rxnorm,
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
