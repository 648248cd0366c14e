import {
  domainSeparator,
  hashTypedData,
  type Hex,
  InvalidAddressError,
  isAddress,
  type TypedDataDomain,
} from "viem";
import { fromHex, toHex } from "../crypto/bytes.ts";
import { keccak256 } from "../crypto/hash.ts";
import { encodeWords, type WordField } from "../crypto/words.ts";

/** A member of a struct, as EIP-712 describes it. */
type Field = { readonly name: string; readonly type: string };

/** Typed data with a domain of name, version, chain and contract, as all of ours has. */
export type Typed = {
  domain: TypedDataDomain;
  types: Readonly<Record<string, readonly Field[]>>;
  primaryType: string;
  message: Readonly<Record<string, unknown>>;
};

const text = (value: string) => new TextEncoder().encode(value);

/** What one struct's hash begins with, and its members; undefined for a struct with members that are no plain words. */
type Shape = { typeHash: Hex; fields: readonly Field[]; words: readonly WordField[] } | undefined;

const shapes = new WeakMap<readonly Field[], Map<string, Shape>>();
const separators = new Map<string, Uint8Array>();

/** Most domains whose separators are kept; a deployment has some ten. */
const SEPARATORS_KEPT = 100;

/**
 * The EIP-712 digest of typed data, the same that viem's `hashTypedData` gives, which it leaves what is nested to. What is
 * the same in each message is worked out once: the struct's type hash and the domain's separator. A gateway makes three
 * digests for each request.
 *
 * @throws InvalidAddressError for an address with a wrong checksum, SDK_VALUE_OUT_OF_RANGE, SDK_INVALID_INPUT
 */
export function typedDigest(typed: Typed): Hex {
  const shape = shapeOf(typed);
  const separator = separatorOf(typed.domain);
  if (!shape || !separator) return hashTypedData(typed as never);
  const preimage = new Uint8Array(66);
  preimage.set([0x19, 0x01]);
  preimage.set(separator, 2);
  preimage.set(hashMembers(shape, typed.message), 34);
  return toHex(keccak256(preimage));
}

function hashMembers({ typeHash, fields, words }: NonNullable<Shape>, message: Typed["message"]): Uint8Array {
  const values: Record<string, unknown> = { typeHash };
  for (const { name, type } of fields) values[name] = wordOf(type, message[name]);
  return keccak256(encodeWords(words, values));
}

/** What stands for a member's value in the hash of its struct. */
function wordOf(type: string, value: unknown): unknown {
  if (type === "string") return toHex(keccak256(text(value as string)));
  if (type === "address" && !isAddress(value as string)) {
    throw new InvalidAddressError({ address: value as string });
  }
  return value;
}

function shapeOf({ types, primaryType }: Typed): Shape {
  const fields = types[primaryType];
  if (!fields) return undefined;
  const named = shapes.get(fields) ?? new Map<string, Shape>();
  shapes.set(fields, named);
  if (!named.has(primaryType)) named.set(primaryType, describe(primaryType, fields));
  return named.get(primaryType);
}

function describe(name: string, fields: readonly Field[]): Shape {
  const plain = fields.every(({ type }) => /^(string|address|bytes32|uint\d+)$/.test(type));
  if (!plain || fields.some((field) => field.name === "typeHash")) return undefined;
  const members = fields.map((field) => `${field.type} ${field.name}`).join(",");
  const words = fields.map((field) => ({
    name: field.name,
    type: field.type === "string" ? "bytes32" : field.type,
  }));
  return {
    typeHash: toHex(keccak256(text(`${name}(${members})`))),
    fields,
    words: [{ name: "typeHash", type: "bytes32" }, ...(words as WordField[])],
  };
}

function separatorOf(domain: TypedDataDomain): Uint8Array | undefined {
  const { name, version, chainId, verifyingContract, ...others } = domain;
  if (!name || !version || !chainId || !verifyingContract || Object.keys(others).length > 0) return undefined;
  const key = JSON.stringify([name, version, String(chainId), verifyingContract]);
  let known = separators.get(key);
  if (!known) {
    if (separators.size >= SEPARATORS_KEPT) separators.clear();
    known = fromHex(domainSeparator({ domain }), 32, "domain separator");
    separators.set(key, known);
  }
  return known;
}
