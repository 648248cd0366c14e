import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digestFromCid } from "../cid.ts";
import { writeModelDescriptor } from "./model-descriptor.ts";

const model = {
  title: "Diabetes risk",
  description: "Estimates who has diabetes.",
  predicts: "Type 2 diabetes",
  features: [{ name: "hba1c", title: "Haemoglobin A1c", unit: "%", lower: 4, upper: 14 }],
};

describe("a model's public descriptor", () => {
  test("is canonical JSON whose SHA-256 is in its content id", () => {
    const { cid, bytes } = writeModelDescriptor(model);
    const text =
      '{"description":"Estimates who has diabetes.","features":[{"lower":4,"name":"hba1c","title":"Haemoglobin A1c",' +
      '"unit":"%","upper":14}],"format":"salus-model-descriptor","formatVersion":1,"predicts":"Type 2 diabetes",' +
      '"title":"Diabetes risk"}';
    expect(new TextDecoder().decode(bytes)).toBe(text);
    expect(digestFromCid(cid)).toBe(`0x${createHash("sha256").update(text).digest("hex")}`);
  });

  test("needs a title and a feature, and has at most 64 KiB", () => {
    expect(() => writeModelDescriptor({ ...model, title: " " })).toThrow(/title/);
    expect(() => writeModelDescriptor({ ...model, features: [] })).toThrow(/features/);
    expect(() => writeModelDescriptor({ ...model, description: "x".repeat(65_536) })).toThrow(/65536/);
  });
});
