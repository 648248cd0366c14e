import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundleOf, quantity } from "./bundles.fixture.ts";
import { type ColumnRef } from "./columns.ts";
import { buildTable } from "./table.ts";

const HBA1C: ColumnRef = { kind: "number", name: "hba1c" };
const DIABETES: ColumnRef = { kind: "condition", system: "icd-10-cm", code: "E11" };

function value(subject: Parameters<typeof bundleOf>[0], ref: ColumnRef) {
  return Object.values(buildTable([bundleOf(subject)], [ref])[0]!.values)[0];
}

describe("buildTable", () => {
  it("gives one row per record, in order, whatever the record holds", () => {
    const many = bundleOf({
      gender: "male",
      observations: [1, 2, 3].map((each) => ({
        loinc: "4548-4",
        value: each,
        unit: "%",
        at: `2020-0${each}-01`,
      })),
    });
    const rows = buildTable(
      [many, "not a bundle", null, { resourceType: "Bundle" }, many],
      [HBA1C, DIABETES],
    );
    expect(rows.map((row) => row.record)).toEqual([0, 1, 2, 3, 4]);
    expect(rows.map((row) => row.values["hba1c"])).toEqual([3, null, null, null, 3]);
    expect(rows.map((row) => row.values["condition:icd-10-cm:E11"])).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it("takes the latest value by instant, not by text", () => {
    const at = (one: string, two: string) =>
      value(
        {
          observations: [
            { loinc: "4548-4", value: 5, unit: "%", at: one },
            { loinc: "4548-4", value: 6, unit: "%", at: two },
          ],
        },
        HBA1C,
      );
    // 23:00 at −05:00 is 04:00 UTC of the next day, later than 01:00 UTC of that day.
    expect(at("2020-01-01T23:00:00-05:00", "2020-01-02T01:00:00Z")).toBe(5);
    expect(at("2019", "2020-01-02")).toBe(6);
    expect(at("2020-01-02", undefined as never)).toBe(5);
  });

  it("takes only values in the expected unit and of a settled status", () => {
    const one = (more: object) =>
      value({ observations: [{ loinc: "4548-4", value: 48, unit: "%", ...more }] }, HBA1C);
    expect(one({})).toBe(48);
    expect(one({ unit: "mmol/mol" })).toBeNull();
    expect(one({ status: "entered-in-error" })).toBeNull();
    expect(one({ status: "preliminary" })).toBeNull();
    expect(one({ loinc: "718-7" })).toBeNull();
  });

  it("accepts either LOINC code of glucose and reads blood pressure from components", () => {
    const glucose: ColumnRef = { kind: "number", name: "glucose" };
    expect(value({ observations: [{ loinc: "2339-0", value: 90, unit: "mg/dL" }] }, glucose)).toBe(90);
    expect(value({ observations: [{ loinc: "2345-7", value: 91, unit: "mg/dL" }] }, glucose)).toBe(91);
    const coding = (code: string) => ({ coding: [{ system: "http://loinc.org", code }] });
    const panel = {
      resourceType: "Observation",
      status: "final",
      code: coding("85354-9"),
      effectivePeriod: { start: "2021-01-01" },
      component: [
        { code: coding("8462-4"), valueQuantity: quantity(80, "mm[Hg]") },
        { code: coding("8480-6"), valueQuantity: quantity(120, "mm[Hg]") },
      ],
    };
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: panel }] };
    const rows = buildTable(
      [bundle],
      [
        { kind: "number", name: "systolic-blood-pressure" },
        { kind: "number", name: "diastolic-blood-pressure" },
      ],
    );
    expect(rows[0]!.values).toEqual({ "systolic-blood-pressure": 120, "diastolic-blood-pressure": 80 });
  });

  it("matches ICD-10-CM by prefix, with or without dots, and SNOMED CT exactly", () => {
    const has = (code: string, prefix: string) =>
      value({ conditions: [code] }, { kind: "condition", system: "icd-10-cm", code: prefix });
    expect(has("E11.65", "E11")).toBe(true);
    expect(has("E1165", "E11.6")).toBe(true);
    expect(has("E10.9", "E11")).toBe(false);
    const snomed = (code: string) =>
      value(
        { conditions: [{ code: "44054006", system: "http://snomed.info/sct" }] },
        { kind: "condition", system: "snomed-ct", code },
      );
    expect(snomed("44054006")).toBe(true);
    expect(snomed("4405")).toBe(false);
  });

  it("leaves out conditions that are resolved, refuted or mistaken", () => {
    const has = (more: object) => value({ conditions: [{ code: "E11.9", ...more }] }, DIABETES);
    expect(has({})).toBe(true);
    expect(has({ clinical: "relapse" })).toBe(true);
    expect(has({ clinical: "resolved" })).toBe(false);
    expect(has({ verification: "refuted" })).toBe(false);
    expect(has({ verification: "entered-in-error" })).toBe(false);
    expect(has({ verification: "confirmed" })).toBe(true);
  });

  it("reads birth year and sex", () => {
    const columns: ColumnRef[] = [
      { kind: "number", name: "birth-year" },
      { kind: "sex" },
      { kind: "number", name: "female" },
    ];
    const [a, b, c] = buildTable(
      [
        bundleOf({ birthDate: "1961-02-03", gender: "female" }),
        bundleOf({ birthDate: "1950", gender: "other" }),
        bundleOf({}),
      ],
      columns,
    );
    expect(a!.values).toEqual({ "birth-year": 1961, sex: "female", female: 1 });
    expect(b!.values).toEqual({ "birth-year": 1950, sex: "other", female: null });
    expect(c!.values).toEqual({ "birth-year": null, sex: null, female: null });
  });

  it("contributes nothing for a resource that cannot be read", () => {
    const entry = [
      { resource: { resourceType: "Observation", status: { not: "a code" }, code: 7 } },
      5,
      {},
      { resource: null },
    ];
    expect(buildTable([{ resourceType: "Bundle", entry }], [HBA1C])[0]!.values).toEqual({ hba1c: null });
  });
});

const folder = process.env["SALUS_SHARED"] ?? fileURLToPath(new URL("../../../../shared", import.meta.url));
const samples = `${folder}/data/fhir`;

describe.skipIf(!existsSync(samples))(
  `generated sample patients (skipped when ${"shared/data/fhir"} is absent)`,
  () => {
    const files = existsSync(samples) ? readdirSync(samples).filter((each) => each.endsWith(".json")) : [];

    it.each(files)("%s: latest BMI and systolic pressure as found by walking the JSON", (file) => {
      const bundle = JSON.parse(readFileSync(`${samples}/${file}`, "utf8"));
      const found = (code: string): number | null => {
        const values: { at: number; value: number }[] = [];
        for (const { resource } of bundle.entry) {
          if (resource.resourceType !== "Observation") continue;
          for (const part of [resource, ...(resource.component ?? [])]) {
            if (!part.code.coding.some((each: { code: string }) => each.code === code)) continue;
            values.push({
              at: new Date(resource.effectiveDateTime).getTime(),
              value: part.valueQuantity.value,
            });
          }
        }
        return values.toSorted((a, b) => a.at - b.at).at(-1)?.value ?? null;
      };
      const rows = buildTable(
        [bundle],
        [
          { kind: "number", name: "body-mass-index" },
          { kind: "number", name: "systolic-blood-pressure" },
        ],
      );
      expect(rows[0]!.values).toEqual({
        "body-mass-index": found("39156-5"),
        "systolic-blood-pressure": found("8480-6"),
      });
    });
  },
);
