import { describe, expect, it } from "vitest";
import { assetHex, institutionOf, parseAssetId, titleOf } from "./asset-words.ts";
import { readDatasetDescriptor, readModelDescriptor } from "./descriptor.ts";

describe("a dataset's public description", () => {
  const raw = JSON.stringify({
    contact: { name: "St. Anna Hospital" },
    leafFiles: { version: 1, consents: "bafkreiconsents", manifest: "bafkreimanifest" },
    schemas: [
      {
        columns: [
          { name: "hba1c", type: "decimal", unit: "%", description: "Haemoglobin A1c" },
          { name: "female", type: "integer", unit: "1", description: "Female (1) or male (0)" },
          { name: "notes", type: "string" },
        ],
      },
    ],
  });

  it("gives what pages show; only columns of the jobs' catalogue can be computed with", () => {
    expect(readDatasetDescriptor(raw)).toEqual({
      publisher: "St. Anna Hospital",
      agreement: null,
      columns: [
        { name: "hba1c", label: "Haemoglobin A1c", unit: "%", numeric: true },
        { name: "female", label: "Female (1) or male (0)", unit: "1", numeric: true },
        { name: "notes", label: "notes", unit: null, numeric: false },
      ],
      leafFiles: { consents: "bafkreiconsents", manifest: "bafkreimanifest" },
    });
  });

  it.each([
    null,
    undefined,
    "",
    "not json",
    "[]",
    "7",
    '{"contact":7,"schemas":{},"leafFiles":{"consents":"a"}}',
    '{"schemas":[null,{"columns":[7,{"name":""}]}]}',
  ])("that is something else counts as absent: %s", (text) => {
    expect(readDatasetDescriptor(text)).toEqual({
      publisher: null,
      agreement: null,
      columns: [],
      leafFiles: null,
    });
  });
});

describe("a model's public description", () => {
  it("gives its inputs with units and bounds, and leaves out what is not one", () => {
    const raw = JSON.stringify({
      predicts: "Type 2 diabetes",
      features: [
        { name: "hba1c", title: "Haemoglobin A1c", unit: "%", lower: 4, upper: 14 },
        { name: "x", unit: "%", lower: "4", upper: 14 },
        "hba1c",
      ],
    });
    expect(readModelDescriptor(raw)).toEqual({
      predicts: "Type 2 diabetes",
      inputs: [{ name: "hba1c", label: "Haemoglobin A1c", unit: "%", lower: 4, upper: 14 }],
    });
    expect(readModelDescriptor("{")).toEqual({ predicts: null, inputs: [] });
  });
});

describe("an asset's id", () => {
  const hex = `0x${"00".repeat(31)}2a`;
  it("is read as 32 bytes or as a number", () => {
    expect(parseAssetId(hex.toUpperCase().replace("0X", "0x"))).toBe(hex);
    expect(parseAssetId(" 42 ")).toBe(hex);
    expect(assetHex(42n)).toBe(hex);
  });
  it.each(["", "0x2a", "-1", "1.5", "abc", "9".repeat(78), `0x${"0".repeat(65)}`])("is none: %s", (text) => {
    expect(parseAssetId(text)).toBeNull();
  });
  it("stands for an asset whose description was not found", () => {
    expect(titleOf("Model", hex, null)).toBe("Model 0x000000…002a");
    expect(titleOf("Model", hex, { title: "" })).toBe("Model 0x000000…002a");
    expect(titleOf("Model", hex, { title: "Diabetes check" })).toBe("Diabetes check");
    expect(institutionOf("north-clinic")).toBe("North Clinic");
  });
});
