import { SalusError } from "../errors.ts";
import { EIP712_TYPES, LISTING_ABI, PARENT_ABI, TERMS_ABI, VERSION_ABI } from "../generated/eip712.ts";
import type { SignedTypes } from "../chain/typed-data.ts";
import type { Listing, Parent, Terms, Version } from "../types.ts";

/** The contracts' structs that travel in requests and answers. */
export const WIRE_STRUCTS = {
  ...EIP712_TYPES,
  Terms: TERMS_ABI[0].components,
  Version: VERSION_ABI[0].components,
  Parent: PARENT_ABI[0].components,
  /** a listing without its terms, which travel beside it */
  Listing: LISTING_ABI[0].components.filter(({ type }) => type !== "tuple"),
} as const;

export type WireStructName = keyof typeof WIRE_STRUCTS & keyof Structs;

type Structs = SignedTypes & {
  Terms: Terms;
  Version: Version;
  Parent: Parent;
  Listing: Omit<Listing, "terms">;
};

/** A struct as viem types it: integers up to 48 bits are numbers, wider ones bigints. */
export type Struct<Name extends WireStructName> = Structs[Name];

/** The same in JSON: bigints as decimal strings. */
export type Wire<T> = { [Key in keyof T]: T[Key] extends bigint ? string : T[Key] };

/** A member of a struct: its name and its Solidity type. */
export type WireField = { readonly name: string; readonly type: string };

/** Pattern that a hexadecimal value of `bytes` bytes has in JSON. */
export const hexPattern = (bytes: number): string => `^0x[0-9a-fA-F]{${2 * bytes}}$`;

const HEX = { 20: new RegExp(hexPattern(20)), 32: new RegExp(hexPattern(32)) };

/** Bits of an unsigned integer type; undefined for another type. */
export function uintBits(type: string): number | undefined {
  const match = /^uint(\d+)$/.exec(type);
  return match ? Number(match[1]) : undefined;
}

/** Widest integer that JSON carries as a number; wider ones are decimal strings. */
export const NUMBER_BITS = 48;

/** A struct in the form that goes into JSON. */
export function toWire<Name extends WireStructName>(name: Name, value: Struct<Name>): Wire<Struct<Name>> {
  const fields: readonly WireField[] = WIRE_STRUCTS[name];
  const source = value as Record<string, unknown>;
  const entries = fields.map(({ name: field }) => {
    const member = source[field];
    return [field, typeof member === "bigint" ? member.toString() : member];
  });
  return Object.fromEntries(entries) as Wire<Struct<Name>>;
}

/**
 * A struct out of JSON, each member checked against its Solidity type.
 *
 * @throws SDK_INVALID_INPUT naming the member
 */
export function fromWire<Name extends WireStructName>(name: Name, value: unknown): Struct<Name> {
  const fields: readonly WireField[] = WIRE_STRUCTS[name];
  if (typeof value !== "object" || value === null) throw bad(name, "the whole", "an object");
  const source = value as Record<string, unknown>;
  const entries = fields.map((field) => [field.name, readMember(name, field, source[field.name])]);
  return Object.fromEntries(entries) as Struct<Name>;
}

function readMember(struct: string, { name, type }: WireField, value: unknown): unknown {
  const bits = uintBits(type);
  if (bits !== undefined) return readUint(struct, name, bits, value);
  const bytes = type === "address" ? 20 : 32;
  if (typeof value === "string" && HEX[bytes].test(value)) return value.toLowerCase();
  throw bad(struct, name, `0x and ${2 * bytes} hexadecimal digits`);
}

function readUint(struct: string, name: string, bits: number, value: unknown): number | bigint {
  if (bits <= NUMBER_BITS) {
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** bits) return value;
    throw bad(struct, name, `a whole number below 2^${bits}`);
  }
  if (
    typeof value === "string" &&
    /^(0|[1-9]\d{0,77})$/.test(value) &&
    BigInt(value) >> BigInt(bits) === 0n
  ) {
    return BigInt(value);
  }
  throw bad(struct, name, `a decimal string of a number below 2^${bits}`);
}

function bad(struct: string, member: string, expected: string): SalusError {
  return new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `${struct}: ${member} must be ${expected}.`,
    details: { struct, member },
  });
}
