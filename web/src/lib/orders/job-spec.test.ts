import { privacyCost } from "@salus/compute/job/privacy-cost";
import { parseJobSpec } from "@salus/compute/job/spec";
import { describe, expect, it } from "vitest";
import type { AnalysisChoice } from "#lib/flows/order/analysis.ts";
import { jobSpecOf, privacyCapOf } from "./job-spec.ts";

const CHOICES: AnalysisChoice[] = [
  { kind: "count", only: "" },
  { kind: "count", only: "E11.9" },
  { kind: "histogram", column: "hba1c", from: 4, to: 14, bins: 10, only: "" },
  { kind: "histogram", column: "creatinine", from: 0.4, to: 5, bins: 50, only: "N18.31" },
  { kind: "logistic", outcome: "I10", features: ["birth-year", "body-mass-index"] },
];

describe("a job as it is ordered", () => {
  it.each(CHOICES)("is one that the gateways' catalogue accepts as it stands: %o", (choice) => {
    const spec = jobSpecOf(choice);
    expect(parseJobSpec(structuredClone(spec))).toEqual(spec);
  });

  it.each(CHOICES)("has a cap of exactly what gateways charge for it: %o", (choice) => {
    const spec = jobSpecOf(choice)!;
    expect(privacyCapOf(spec)).toBe(privacyCost(spec));
    // ε = 1 is ½-zCDP: 0.5 rho in units of 10⁻⁹.
    expect(privacyCapOf(spec)).toBe(500_000_000n);
  });

  it("cuts the range of a histogram into equal bins without errors of binary fractions", () => {
    const spec = jobSpecOf({ kind: "histogram", column: "hba1c", from: 0.1, to: 0.7, bins: 6, only: "" });
    expect(spec?.parameters).toMatchObject({ edges: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], filter: [] });
  });

  it("clips features where values of adults mostly lie", () => {
    const spec = jobSpecOf({ kind: "logistic", outcome: "E11.9", features: ["hba1c"] });
    expect(spec?.parameters).toMatchObject({
      features: [{ column: "hba1c", lower: 4, upper: 14 }],
      label: { kind: "condition", system: "icd-10-cm", code: "E11.9" },
    });
  });

  it("is none for a download, which costs no privacy budget", () => {
    expect(jobSpecOf({ kind: "download" })).toBeNull();
    expect(privacyCapOf(null)).toBe(0n);
  });
});
