import type { Address, Hex } from "viem";
import { SalusError } from "../errors.ts";
import { fromHex } from "./bytes.ts";

/** The static ABI types used in leaves and contexts; each takes one 32-byte word. */
export type WordType = "address" | "bytes32" | `uint${number}`;

/** One field of a static ABI tuple; has the shape of an ABI parameter. */
export type WordField = { readonly name: string; readonly type: WordType };

/** Value of a field: unsigned integers up to 48 bits are numbers, wider ones bigints. */
export type WordValue = Address | Hex | number | bigint;

const WORD = 32;

/**
 * `abi.encode` of a tuple of static fields: one 32-byte big-endian word each, in order
 * (Solidity ABI specification, “Formal Specification of the Encoding”).
 *
 * @throws SDK_VALUE_OUT_OF_RANGE naming the field, SDK_INVALID_INPUT for bad hexadecimal
 */
export function encodeWords<T extends object>(
  fields: readonly WordField[],
  values: T,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(fields.length * WORD);
  fields.forEach((field, i) => {
    writeWord(out, i * WORD, field, (values as Record<string, WordValue>)[field.name]);
  });
  return out;
}

function writeWord(
  out: Uint8Array<ArrayBuffer>,
  at: number,
  field: WordField,
  value: WordValue | undefined,
): void {
  if (field.type === "address") out.set(fromHex(value as string, 20, field.name), at + 12);
  else if (field.type === "bytes32") out.set(fromHex(value as string, 32, field.name), at);
  else writeUint(out, at, field, value);
}

function writeUint(
  out: Uint8Array<ArrayBuffer>,
  at: number,
  field: WordField,
  value: WordValue | undefined,
): void {
  const bits = Number(field.type.slice(4));
  const view = new DataView(out.buffer, at, WORD);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value < 2 ** bits) {
    view.setUint32(28, value % 2 ** 32);
    view.setUint32(24, value / 2 ** 32);
  } else if (typeof value === "bigint" && value >= 0n && value >> BigInt(bits) === 0n) {
    for (let rest = value, offset = 24; rest > 0n; rest >>= 64n, offset -= 8) {
      view.setBigUint64(offset, BigInt.asUintN(64, rest));
    }
  } else {
    throw new SalusError({
      code: "SDK_VALUE_OUT_OF_RANGE",
      message: `${field.name} is ${String(value)}, which is not a ${field.type}.`,
      details: { field: field.name, type: field.type, value: String(value) },
    });
  }
}
