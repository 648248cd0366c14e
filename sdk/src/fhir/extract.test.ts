import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { extractR4, renderR4 } from "./extract.ts";

test("the extracted definitions are those of the installed package", () => {
  const committed = readFileSync(new URL("./generated/r4.json", import.meta.url), "utf8");
  expect(renderR4(extractR4()) === committed, "run: node sdk/src/fhir/extract.ts").toBe(true);
});

test("required codes are those that the specification prints", () => {
  const { codes } = extractR4();
  // https://hl7.org/fhir/R4/valueset-administrative-gender.html and valueset-observation-status.html
  expect(codes["http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1"]).toEqual([
    "male",
    "female",
    "other",
    "unknown",
  ]);
  expect(new Set(codes["http://hl7.org/fhir/ValueSet/observation-status|4.0.1"])).toEqual(
    new Set([
      "registered",
      "preliminary",
      "final",
      "amended",
      "corrected",
      "cancelled",
      "entered-in-error",
      "unknown",
    ]),
  );
});
