import { describe, expect, it } from "vitest";
import { recordsFile } from "./records-file.ts";

const record = (text: string) => ({ plaintext: new TextEncoder().encode(text) });

describe("the file of downloaded records", () => {
  it("has one record a line, as it was written", async () => {
    expect(await recordsFile([record('{"b":1, "a":2}'), record("[]")]).text()).toBe('{"b":1, "a":2}\n[]\n');
  });
  it("puts a record with line breaks on one line", async () => {
    expect(await recordsFile([record('{\n  "a": "x\\ny"\n}')]).text()).toBe('{"a":"x\\ny"}\n');
  });
  it("is empty without records", async () => expect(await recordsFile([]).text()).toBe(""));
});
