import { expect, test } from "vitest";
import { creatinineFor } from "./measurements.ts";

/** The CKD-EPI 2021 creatinine equation as printed by Inker et al., NEJM 2021. */
function ckdEpi2021(creatinine: number, age: number, sex: "female" | "male"): number {
  const [kappa, alpha, factor] = sex === "female" ? [0.7, -0.241, 1.012] : [0.9, -0.302, 1];
  const ratio = creatinine / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * factor;
}

test.each([
  [68.6, 50, "female", 1.0], // the National Kidney Foundation's calculator gives 69 for 1.0 mg/dL
  [92.0, 50, "male", 1.0], // and 92
] as const)("eGFR %d at %d years (%s) is a creatinine of %d mg/dL", (egfr, age, sex, creatinine) => {
  expect(creatinineFor(egfr, { age, sex })).toBeCloseTo(creatinine, 2);
});

test("creatinine undoes the equation over the whole range", () => {
  for (const sex of ["female", "male"] as const) {
    for (let age = 18; age <= 95; age += 11) {
      for (let egfr = 15; egfr <= 130; egfr += 5) {
        expect(ckdEpi2021(creatinineFor(egfr, { age, sex }), age, sex)).toBeCloseTo(egfr, 8);
      }
    }
  }
});
