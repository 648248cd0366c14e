import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import type { Hex } from "viem";
import { SalusError } from "../errors.ts";

/** Digits of a hexadecimal text as character codes; short ones only, as they are arguments of one call. */
const SHORT_HEX = 66;

/**
 * `0x` + lower-case hexadecimal of `bytes`.
 *
 * Written as one flat string: glued together digit by digit, each of the million ids of a large version would keep a
 * chain of some 30 string nodes (1 kB) alive.
 */
export function toHex(bytes: Uint8Array): Hex {
  const codes = new Uint8Array(2 + 2 * bytes.length);
  codes[0] = 0x30;
  codes[1] = 0x78;
  for (let i = 0; i < bytes.length; i++) {
    codes[2 + 2 * i] = digit(bytes[i]! >> 4);
    codes[3 + 2 * i] = digit(bytes[i]! & 15);
  }
  const flat =
    codes.length <= SHORT_HEX
      ? String.fromCharCode.apply(undefined, codes as unknown as number[])
      : new TextDecoder().decode(codes);
  return flat as Hex;
}

function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
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

/** All that a source gives, in one array. */
export async function collectBytes(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return concat(...pieces);
}

/** Whether two public values are the same bytes. Not constant time: do not use it on secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Random bytes drawn ahead: a call to the platform costs more than the bytes, and each record needs some ten values. */
const ahead = new Uint8Array(8192);
let used = ahead.length;

/** `length` bytes from the platform's CSPRNG (`globalThis.crypto`), in chunks of its 65,536-byte limit. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  if (length <= 64) {
    if (used + length > ahead.length) {
      globalThis.crypto.getRandomValues(ahead);
      used = 0;
    }
    const taken = ahead.subarray(used, used + length);
    bytes.set(taken);
    taken.fill(0); // what was handed out is a secret of its taker alone
    used += length;
    return bytes;
  }
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
