import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import type { Hex } from "viem";
import { SalusError } from "../errors.ts";

/** `0x` + lower-case hexadecimal of `bytes`. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** Lower-case form of a hexadecimal string: the one spelling used in files and comparisons. */
export function lowerHex<T extends Hex>(hex: T): T {
  return hex.toLowerCase() as T;
}

/**
 * The bytes of a `0x…` string that must hold exactly `length` bytes.
 *
 * @param what name of the value for the error, e.g. `record id`
 * @throws SDK_INVALID_INPUT when it is not hexadecimal of that length
 */
export function fromHex(hex: string, length: number, what: string): Uint8Array {
  if (typeof hex === "string" && hex.length === 2 + 2 * length && hex.startsWith("0x")) {
    try {
      return hexToBytes(hex.slice(2));
    } catch {
      throw notHex(length, what); // without the cause: it would quote the text, which may be secret
    }
  }
  throw notHex(length, what);
}

function notHex(length: number, what: string): SalusError {
  return new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `The ${what} must be 0x followed by ${2 * length} hexadecimal digits.`,
    details: { what, length },
  });
}

/** All parts one after the other in a new array. */
export const concat: (...parts: Uint8Array[]) => Uint8Array<ArrayBuffer> = concatBytes as never;

/** Whether two public values are the same bytes. Not constant time: do not use it on secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** `length` bytes from the platform's CSPRNG (`globalThis.crypto`), in chunks of its 65,536-byte limit. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    globalThis.crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

/**
 * A view of `bytes` that WebCrypto's types accept (not over shared memory); copies only when it must.
 * Also turns subclasses such as Node's Buffer into a plain Uint8Array, which the secret sharing library insists on.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!(bytes.buffer instanceof ArrayBuffer)) return new Uint8Array(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
