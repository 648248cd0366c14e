import type { Address, Hex } from "viem";
import { fromHex, lowerHex, toHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import { keccakOf } from "./keccak.ts";

/** What one subject has earned in one dataset and token since its first order, in the token's smallest unit. */
export type RewardLeaf = {
  subject: Address;
  /** everything ever earned, withdrawn or not; never falls */
  cumulative: bigint;
  /** the part of it that nobody took over in time; never falls */
  lapsed: bigint;
};

/** Bytes of a leaf in a reward file: subject, then two 16-byte big-endian amounts. */
export const LEAF_BYTES = 52;

/** Largest amount: a `uint128`. */
const MOST = 1n << 128n;
const WORDS = 96;

/** Writes a leaf into a reward file's bytes. @throws SDK_VALUE_OUT_OF_RANGE, SDK_INVALID_INPUT */
export function writeLeaf({ subject, cumulative, lapsed }: RewardLeaf, out: Uint8Array, at: number): void {
  if (lapsed < 0n || lapsed > cumulative || cumulative >= MOST) throw outOfRange(subject, cumulative, lapsed);
  out.set(fromHex(subject, 20, "subject"), at);
  writeUint128(out, at + 20, cumulative);
  writeUint128(out, at + 36, lapsed);
}

/** Reads a leaf from a reward file's bytes. */
export function readLeaf(bytes: Uint8Array, at: number): RewardLeaf {
  return {
    subject: toHex(bytes.subarray(at, at + 20)),
    cumulative: readUint128(bytes, at + 20),
    lapsed: readUint128(bytes, at + 36),
  };
}

/** A leaf's hash: keccak256(keccak256(abi.encode(subject, cumulative, lapsed))). 32 bytes. */
export function hashRewardLeaf(leaf: RewardLeaf): Uint8Array {
  const bytes = new Uint8Array(LEAF_BYTES);
  writeLeaf(leaf, bytes, 0);
  return hashLeafBytes(bytes, 0);
}

/** {@link hashRewardLeaf} of a leaf as it stands in a file. */
export function hashLeafBytes(bytes: Uint8Array, at: number, words = new Uint8Array(WORDS)): Uint8Array {
  words.set(bytes.subarray(at, at + 20), 12);
  words.set(bytes.subarray(at + 20, at + 36), 48);
  words.set(bytes.subarray(at + 36, at + 52), 80);
  return keccakOf(keccakOf(words));
}

/** A big-endian `uint128` in bytes. */
export function readUint128(bytes: Uint8Array, at: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 16);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

/** Writes a big-endian `uint128`. */
export function writeUint128(bytes: Uint8Array, at: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 16);
  view.setBigUint64(0, value >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, value));
}

/** Subjects in the order of the tree: by their bytes. */
export function compareSubjects(a: Hex, b: Hex): number {
  const [x, y] = [lowerHex(a), lowerHex(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function outOfRange(subject: Address, cumulative: bigint, lapsed: bigint): SalusError {
  return new SalusError({
    code: "SDK_VALUE_OUT_OF_RANGE",
    message: `Subject ${subject} cannot have earned ${cumulative}, of which ${lapsed} lapsed.`,
    details: { subject, cumulative: String(cumulative), lapsed: String(lapsed) },
  });
}
