import type { Hex } from "viem";
import { toHex } from "../crypto/bytes.ts";
import { keccak256 } from "../crypto/hash.ts";
import { encodeWords, type WordField } from "../crypto/words.ts";

/** A kind of Merkle leaf: a static ABI tuple and the field that orders it. */
export type LeafType<T extends object> = {
  readonly name: string;
  /** usable as ABI parameters, e.g. for `encodeAbiParameters` */
  readonly fields: readonly WordField[];
  /** the field that is unique in a tree; leaves stand in ascending order of its bytes */
  readonly key: keyof T & string;
  /** abi.encode(fields): 32 bytes each */
  encode(leaf: T): Uint8Array;
  /** keccak256(keccak256(abi.encode(fields))): hashed twice, so that no inner node can pass for a leaf */
  hash(leaf: T): Hex;
  /** {@link LeafType.hash} as bytes */
  hashBytes(leaf: T): Uint8Array;
};

/** Makes a leaf type of its ABI fields; the field names are the property names of `T`. */
export function defineLeaf<T extends object>(
  name: string,
  key: keyof T & string,
  fields: readonly (WordField & { name: keyof T & string })[],
): LeafType<T> {
  const encode = (leaf: T) => encodeWords(fields, leaf);
  const hashBytes = (leaf: T) => keccak256(keccak256(encode(leaf)));
  return { name, key, fields, encode, hashBytes, hash: (leaf) => toHex(hashBytes(leaf)) };
}
