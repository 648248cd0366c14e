import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { cidOf } from "../cid.ts";
import { canonicalJson } from "./canonical-json.ts";
import {
  type Descriptor,
  MAX_DESCRIPTOR_BYTES,
  parseDescriptor,
  roundCount,
  schemaDigest,
  writeDescriptor,
} from "./descriptor.ts";

const cid = cidOf(new TextEncoder().encode("hello world"));
const descriptor: Descriptor = {
  format: "salus-descriptor",
  formatVersion: 1,
  title: "Diabetes cohort",
  description: "Follow-up of people with type 2 diabetes.",
  country: "DE",
  conditions: [{ code: "E11.9", subjects: 120 }],
  schemas: [
    { name: "Visits", mediaType: "text/csv", columns: [{ name: "hba1c", type: "decimal", loinc: "4548-4" }] },
  ],
  contact: { name: "Study office", url: "https://example.org" },
  leafFiles: { version: 1, consents: cid, manifest: cid },
};

describe("canonical JSON", () => {
  it("writes the example of RFC 8785 §3.2.2 as its §3.2.3 says, as far as its values are JSON's own", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27],
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
    );
  });

  it("orders keys by UTF-16 units, leaves undefined out and refuses what JSON cannot say", () => {
    expect(canonicalJson({ b: 1, "\u{1F600}": 2, "\uFB33": 3, a: undefined, B: 4 })).toBe(
      '{"B":4,"b":1,"\u{1F600}":2,"\uFB33":3}',
    );
    expect(() => canonicalJson([Number.NaN])).toThrow(TypeError);
  });
});

describe("a descriptor", () => {
  it("is the same bytes whatever the order of its fields, and reads back", () => {
    const reversed = Object.fromEntries(Object.entries(descriptor).toReversed()) as Descriptor;
    expect(writeDescriptor(reversed)).toEqual(writeDescriptor(descriptor));
    expect(parseDescriptor(writeDescriptor(descriptor).bytes)).toEqual(descriptor);
  });

  it.each<[string, Partial<Record<keyof Descriptor, unknown>>, string]>([
    [
      "a count that is not rounded",
      { conditions: [{ code: "E11.9", subjects: 123 }] },
      "conditions.0.subjects",
    ],
    ["a count below ten", { conditions: [{ code: "E11.9", subjects: 0 }] }, "conditions.0.subjects"],
    [
      "a condition that is no code",
      { conditions: [{ code: "diabetes", subjects: 10 }] },
      "conditions.0.code",
    ],
    ["a country that is none", { country: "Germany" }, "country"],
    ["an empty title", { title: "  " }, "title"],
    ["a field it does not know", { owner: "x" } as never, "owner"],
    ["an http contact", { contact: { name: "x", url: "http://example.org" } }, "contact.url"],
    [
      "a content id that is none",
      { leafFiles: { version: 1, consents: "x", manifest: cid } },
      "leafFiles.consents",
    ],
    ["no schema", { schemas: [] }, "schemas"],
  ])("is refused with %s, naming the field", (_, change, path) => {
    const bad = { ...descriptor, ...change } as Descriptor;
    const refusal = expect.objectContaining({
      code: "SDK_DESCRIPTOR_INVALID",
      details: expect.objectContaining({ path }),
    });
    expect(() => writeDescriptor(bad)).toThrow(refusal);
    expect(() => parseDescriptor(new TextEncoder().encode(JSON.stringify(bad)))).toThrow(refusal);
  });

  it("is refused above 64 kB, and when it is not JSON", () => {
    const conditions = Array.from({ length: 500 }, () => ({ code: "E11.9", subjects: 10 }));
    const schemas = Array.from({ length: 20 }, () => ({
      ...descriptor.schemas[0]!,
      columns: Array.from({ length: 200 }, () => ({ name: "a", type: "string" as const })),
    }));
    const large = expect.objectContaining({ code: "SDK_FILE_TOO_LARGE" });
    expect(() => writeDescriptor({ ...descriptor, conditions, schemas })).toThrow(large);
    expect(() => parseDescriptor(new Uint8Array(MAX_DESCRIPTOR_BYTES + 1))).toThrow(large);
    expect(() => parseDescriptor(new TextEncoder().encode("{"))).toThrow(
      expect.objectContaining({ code: "SDK_FILE_MALFORMED" }),
    );
  });

  it("has schemas whose digest is sha-256 of their canonical JSON", () => {
    const text =
      '{"columns":[{"loinc":"4548-4","name":"hba1c","type":"decimal"}],"mediaType":"text/csv","name":"Visits"}';
    expect(schemaDigest(descriptor.schemas[0]!)).toBe(`0x${createHash("sha256").update(text).digest("hex")}`);
  });

  it("shows counts to the nearest ten, and none below ten", () => {
    expect([0, 9, 10, 14, 15, 104, 995].map(roundCount)).toEqual([
      undefined,
      undefined,
      10,
      10,
      20,
      100,
      1000,
    ]);
  });
});
