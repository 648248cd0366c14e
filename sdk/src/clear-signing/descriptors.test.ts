import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DISPUTE_OPENING_TYPE, EIP712_TYPES } from "../generated/eip712.ts";
import { OrderKind } from "../generated/constants.ts";
import { ATTESTED_KINDS } from "../data-use/attested-kinds.ts";
import { ballotData, delegationData } from "../governance/signed-types.ts";
import { support } from "../governance/types.ts";

/*
 * The descriptors (ERC-7730, version 1) of what buyers, voters, contributors and committees sign, against the types that
 * the contracts check: a wallet must show every value that a person decides on, and a descriptor must not drift from the
 * contracts. Those of consents and claims have tests of their own.
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
  ["vote.json", read("./vote.json"), "Salus Governor", ["ExtendedBallot"]],
  ["delegation.json", read("./delegation.json"), "Salus", ["Delegation"]],
  ["dispute.json", read("./dispute.json"), "Salus Disputes", ["DisputeOpening"]],
  [
    "attestation.json",
    read("./attestation.json"),
    "Salus DataUseAuthority",
    ["Attestation", "AttestationRevocation"],
  ],
];
// The governor's and the token's structs are in no ABI: `gateway/src/governance` tries them on the contracts.
const nowhere = { chainId: 1, contracts: {} } as never;
const types = {
  ...EIP712_TYPES,
  DisputeOpening: DISPUTE_OPENING_TYPE,
  ExtendedBallot: ballotData(nowhere, {} as never).types.ExtendedBallot,
  Delegation: delegationData(nowhere, {} as never).types.Delegation,
} as unknown as Record<string, Member[]>;
/** What an enum's values are called elsewhere: each has a name, and nothing else has. */
const ENUMS: Record<string, number[]> = {
  kinds: Object.values(OrderKind),
  choices: Object.values(support),
  conditions: Object.values(ATTESTED_KINDS),
};
/** Guards against replay, and what is always empty: they tell a person nothing. */
const SILENT = ["salt", "nonce", "params"];
const formats = files.flatMap(([, descriptor]) =>
  Object.entries(descriptor.display.formats).map(([name, format]): [string, Format, Descriptor] => [
    name,
    format,
    descriptor,
  ]),
);

/** Which format suits which Solidity type. */
const SUITABLE: Record<string, RegExp> = {
  raw: /^(uint\d+|bytes32|string)$/,
  date: /^uint(40|256)$/,
  duration: /^uint32$/,
  enum: /^uint8$/,
  addressName: /^address$/,
};

describe.each(files)("the clear-signing descriptor %s", (_, { context, display }, domain, names) => {
  it("covers what people sign for this contract, in its domain", () => {
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
  it("shows every member but what tells a person nothing", () => {
    const members = types[name]!.map((member) => member.name);
    const shown = format.fields.map(({ path }) => path);
    const silent = members.filter((member) => SILENT.includes(member));
    expect([...shown, ...silent].toSorted()).toEqual(members.toSorted());
    expect(format.excluded).toEqual(silent);
    expect(format.required).toEqual(shown);
    expect(format.intent.length).toBeLessThanOrEqual(60);
  });

  it("formats each member as its type allows", () => {
    for (const { path, label, format: kind, params } of format.fields) {
      const { type } = types[name]!.find((member) => member.name === path)!;
      expect(type, path).toMatch(SUITABLE[kind]!);
      expect(label.length, label).toBeLessThanOrEqual(40);
      if (kind === "date") expect(params).toEqual({ encoding: "timestamp" });
      if (kind === "enum") {
        const enumName = String(params!["$ref"]).replace("$.metadata.enums.", "");
        const values = Object.keys(metadata.enums[enumName]!).map(Number);
        expect(values.toSorted((a, b) => a - b)).toEqual(ENUMS[enumName]!.toSorted((a, b) => a - b));
      }
    }
  });
});

it("names each choice of a vote as the governor counts it", () => {
  // OpenZeppelin's GovernorCountingSimple: VoteType { Against, For, Abstain }.
  expect(read("./vote.json").metadata.enums["choices"]).toEqual({ 0: "Against", 1: "For", 2: "Abstain" });
});
