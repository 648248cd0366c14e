import type { Hex } from "viem";
import { fromHex, toHex } from "./crypto/bytes.ts";
import { sha256 } from "./crypto/hash.ts";
import { SalusError } from "./errors.ts";

/*
 * The one form of content id that is used: CIDv1, codec raw, sha2-256, in lower-case base32 (RFC 4648, no padding). Written
 * out here, since a library for all forms would be a thirtieth of what a patient's page may load; the tests hold it to one.
 */

/** Version 1, codec raw, hash sha2-256, length 32; each below 128, so a byte as a varint. */
const HEADER = [0x01, 0x55, 0x12, 0x20] as const;
/** Multibase's sign for base32. */
const SIGN = "b";
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
/** 36 bytes in groups of five bits, after the sign. */
const LENGTH = 1 + Math.ceil(((HEADER.length + 32) * 8) / 5);

/** CIDv1 (codec raw, sha2-256, base32) of a 32-byte SHA-256 digest. @throws SDK_INVALID_INPUT */
export function cidFromDigest(digest: Hex): string {
  return SIGN + toBase32([...HEADER, ...fromHex(digest, 32, "digest")]);
}

/**
 * The SHA-256 digest inside a CIDv1 of codec raw. Only that one spelling is accepted, so that equal content has equal ids.
 *
 * @throws SDK_INVALID_CID
 */
export function digestFromCid(cid: string): Hex {
  const bytes = String(cid).length === LENGTH ? fromBase32(cid.slice(SIGN.length)) : undefined;
  if (!bytes) throw invalidCid(cid);
  const digest = toHex(bytes.slice(HEADER.length));
  // Header, sign, case and the bits left over: all of it is right if and only if it is written so again.
  if (cidFromDigest(digest) !== cid) throw invalidCid(cid);
  return digest;
}

/** Content id of `bytes`: CIDv1 raw over their SHA-256. */
export function cidOf(bytes: Uint8Array): string {
  return cidFromDigest(toHex(sha256(bytes)));
}

function toBase32(bytes: readonly number[]): string {
  let [text, bits, held] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** The whole bytes in it; nothing for a sign that is not of the alphabet. */
function fromBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const sign of text) {
    const value = ALPHABET.indexOf(sign);
    if (value < 0) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
}

function invalidCid(cid: string): SalusError {
  const shown = String(cid).slice(0, 80);
  return new SalusError({
    code: "SDK_INVALID_CID",
    message: `“${shown}” is not a content id of raw bytes.`,
    details: { cid: shown },
  });
}
