import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EIP712_TYPES } from "../generated/eip712.ts";

/*
 * The descriptor (ERC-7730, version 1) against the types that the contracts sign: a wallet must show every value that a
 * person decides on, and the descriptor must not drift from the contracts.
 */
type Field = { path: string; label: string; format: string; params?: Record<string, unknown> };
type Member = { name: string; type: string };
type Descriptor = {
  context: {
    eip712: {
      domain: { name: string; version: string };
      schemas: { primaryType: string; types: Record<string, Member[]> }[];
    };
  };
  metadata: { enums: Record<string, Record<string, string>> };
  display: {
    formats: Record<string, { intent: string; fields: Field[]; required: string[]; excluded: string[] }>;
  };
};
const file = new URL("./consent.json", import.meta.url);
const { context, metadata, display } = JSON.parse(readFileSync(file, "utf8")) as Descriptor;
const types = EIP712_TYPES as unknown as Record<string, Member[]>;
const formats = Object.entries(display.formats);

/** Counters: they guard against replay and order, and tell a person nothing. */
const COUNTERS = new Set(["nonce", "maxNonce", "since"]);
/** Which format suits which Solidity type. */
const SUITABLE: Record<string, RegExp> = {
  raw: /^(uint\d+|bytes32)$/,
  date: /^uint40$/,
  enum: /^uint8$/,
  addressName: /^address$/,
};

describe("the clear-signing descriptor of consents", () => {
  it("covers everything that the consent registry takes signed, in its domain", () => {
    expect(context.eip712.domain).toEqual({ name: "Salus ConsentRegistry", version: "1" });
    const expected = ["Grant", "Revocation", "HandOver", "Contest"];
    const proxies = ["ProxyNaming", "ProxyRemoval", "ProxyGrant", "ProxyRevocation"];
    expect(formats.map(([name]) => name)).toEqual([...expected, ...proxies]);
  });

  it.each(formats.map(([name]) => name))("types %s as the contracts do", (name) => {
    const schema = context.eip712.schemas.find(({ primaryType }) => primaryType === name)!;
    expect(schema.types[name]).toEqual(types[name]);
  });

  it.each(formats)("shows every member of %s, or leaves out a counter on purpose", (name, format) => {
    const members = types[name]!.map((member) => member.name);
    const shown = format.fields.map(({ path }) => path);
    expect(new Set([...shown, ...format.excluded])).toEqual(new Set(members));
    expect(shown.length + format.excluded.length).toBe(members.length);
    expect(format.excluded.filter((member) => !COUNTERS.has(member))).toEqual([]);
    expect(new Set(format.required)).toEqual(new Set(shown));
    expect(format.intent.length).toBeLessThanOrEqual(60);
  });

  it.each(formats)("formats each member of %s as its type allows", (name, { fields }) => {
    for (const { path, format, params, label } of fields) {
      const { type } = types[name]!.find((member) => member.name === path)!;
      expect(type, `${name}.${path}`).toMatch(SUITABLE[format]!);
      expect(label.length, label).toBeLessThanOrEqual(40);
      if (format === "enum") expect(enumOf(params!)).toBeDefined();
      if (format === "date") expect(params).toEqual({ encoding: "timestamp" });
    }
  });

  it("names every combination of modes and rights, each as what its bits say", () => {
    // Bits by design §5: 0 analysis, 1 training, 2 download, 3 two-person. Of rights: 1 grant, 2 revoke.
    const { modes, rights } = metadata.enums;
    expect(Object.keys(modes!).map(Number)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(modes).toMatchObject({
      0: "none",
      1: "analyses",
      6: "training, download",
      15: "analyses, training, download, together with the institution",
    });
    expect(rights).toEqual({ 1: "Allow", 2: "Stop", 3: "Allow and stop" });
  });
});

function enumOf({ $ref }: Record<string, unknown>): object | undefined {
  return metadata.enums[String($ref).replace("$.metadata.enums.", "")];
}
