import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EIP712_TYPES } from "../generated/eip712.ts";
import { OrderKind } from "../generated/constants.ts";

/*
 * The descriptors (ERC-7730, version 1) of what buyers sign, against the types that the contracts check: a wallet must
 * show every value that a buyer decides on, and a descriptor must not drift from the contracts.
 */
type Field = { path: string; label: string; format: string; params?: Record<string, unknown> };
type Member = { name: string; type: string };
type Format = { intent: string; fields: Field[]; required: string[]; excluded: string[] };
type Descriptor = {
  context: {
    eip712: {
      domain: { name: string; version: string };
      schemas: { primaryType: string; types: Record<string, Member[]> }[];
    };
  };
  metadata: { enums: Record<string, Record<string, string>> };
  display: { formats: Record<string, Format> };
};

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as Descriptor;
const files: [string, Descriptor, string, string[]][] = [
  ["order.json", read("./order.json"), "Salus AccessEscrow", ["Order", "Acceptance"]],
  ["mandate.json", read("./mandate.json"), "Salus Mandates", ["Mandate", "Cancellation"]],
];
const types = EIP712_TYPES as unknown as Record<string, Member[]>;
const formats = files.flatMap(([, descriptor]) =>
  Object.entries(descriptor.display.formats).map(([name, format]): [string, Format, Descriptor] => [
    name,
    format,
    descriptor,
  ]),
);

/** Which format suits which Solidity type. */
const SUITABLE: Record<string, RegExp> = {
  raw: /^(uint\d+|bytes32)$/,
  date: /^uint40$/,
  duration: /^uint32$/,
  enum: /^uint8$/,
  addressName: /^address$/,
};

describe.each(files)("the clear-signing descriptor %s", (_, { context, display }, domain, names) => {
  it("covers what buyers sign for this contract, in its domain", () => {
    expect(context.eip712.domain).toEqual({ name: domain, version: "1" });
    expect(Object.keys(display.formats)).toEqual(names);
  });

  it("types each message as the contracts do", () => {
    for (const name of names) {
      const schema = context.eip712.schemas.find(({ primaryType }) => primaryType === name)!;
      expect(schema.types[name], name).toEqual(types[name]);
    }
  });
});

describe.each(formats)("the display of %s", (name, format, { metadata }) => {
  it("shows every member but the salt, which tells a person nothing", () => {
    const shown = format.fields.map(({ path }) => path);
    const salt = types[name]!.some((member) => member.name === "salt") ? ["salt"] : [];
    expect([...shown, ...salt].toSorted()).toEqual(types[name]!.map((member) => member.name).toSorted());
    expect(format.excluded).toEqual(salt);
    expect(format.required).toEqual(shown);
    expect(format.intent.length).toBeLessThanOrEqual(60);
  });

  it("formats each member as its type allows", () => {
    for (const { path, label, format: kind, params } of format.fields) {
      const { type } = types[name]!.find((member) => member.name === path)!;
      expect(type, path).toMatch(SUITABLE[kind]!);
      expect(label.length, label).toBeLessThanOrEqual(40);
      if (kind === "date") expect(params).toEqual({ encoding: "timestamp" });
      if (kind === "enum") expect(params).toEqual({ $ref: "$.metadata.enums.kinds" });
    }
    expect(Object.keys(metadata.enums["kinds"]!).map(Number)).toEqual(Object.values(OrderKind));
  });
});
