import { describe, expect, it } from "vitest";
import { withUnit } from "./units.ts";

describe("a unit beside a label", () => {
  it.each([
    ["mm[Hg]", "X (mmHg)"],
    ["kg/m2", "X (kg/m²)"],
    ["%", "X (%)"],
    ["a", "X"],
    ["1", "X"],
    [null, "X"],
  ])("%s is written as people do", (unit, text) => expect(withUnit("X", unit)).toBe(text));
});
