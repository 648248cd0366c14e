import { utf8ToBytes } from "@noble/hashes/utils.js";
import { concat } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { SalusError, type SdkErrorCode } from "../errors.ts";

/** A secret for paper: how long it is, what its check is bound to, and how its errors are named. */
export type PaperCode = {
  /** as in “A recovery code has …” */
  name: string;
  tag: `salus.${string}.v${number}`;
  secretBytes: number;
  error: SdkErrorCode;
};

/**
 * secret ‖ the first 3 bytes of SHA-256(tag ‖ secret), in Crockford's base32, in groups of four joined by "-". A mistyped
 * code is taken for right once in 16.8 million. Letters may be typed in either case; O counts as 0, I and L as 1; spaces
 * and dashes are free. Secret and check together are a multiple of 20 bits.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LOOKALIKES: Record<string, string> = { O: "0", I: "1", L: "1" };
const CHECK_BYTES = 3;
const GROUP = 4;

const charactersOf = ({ secretBytes }: PaperCode): number => ((secretBytes + CHECK_BYTES) * 8) / 5;

/** Writes a secret as a code for paper, such as `8R6K-…`. */
export function writePaperCode(kind: PaperCode, secret: Uint8Array): string {
  let number = bytesToNumber(concat(secret, checkBytes(kind, secret)));
  let text = "";
  for (let i = charactersOf(kind); i > 0; i--, number >>= 5n) text = ALPHABET[Number(number & 31n)] + text;
  return text.match(new RegExp(`.{${GROUP}}`, "g"))!.join("-");
}

/**
 * Reads a code from paper back into its secret.
 *
 * @throws the kind's error, saying whether it is too short, too long, holds a character that no code has (with its
 *   group), or fails its check. The error never holds the code.
 */
export function readPaperCode(kind: PaperCode, code: string): Uint8Array {
  const { name, secretBytes } = kind;
  const text = code.toUpperCase().replace(/[\s\-–—]/g, "");
  const bad = Array.from(text).findIndex((letter) => !ALPHABET.includes(LOOKALIKES[letter] ?? letter));
  if (bad >= 0) {
    const group = Math.floor(bad / GROUP) + 1;
    throw invalid(kind, `Group ${group} holds a character that no ${name} has.`, { group });
  }
  const characters = charactersOf(kind);
  if (text.length !== characters) {
    throw invalid(kind, `A ${name} has ${characters} characters; this one has ${text.length}.`, {
      characters: text.length,
    });
  }
  let number = 0n;
  for (const letter of text) number = (number << 5n) | BigInt(ALPHABET.indexOf(LOOKALIKES[letter] ?? letter));
  const bytes = numberToBytes(number, secretBytes + CHECK_BYTES);
  const secret = bytes.slice(0, secretBytes);
  const check = checkBytes(kind, secret);
  if (check.some((byte, i) => byte !== bytes[secretBytes + i])) {
    throw invalid(
      kind,
      `The ${name}'s check does not match: at least one character is wrong or out of place.`,
    );
  }
  return secret;
}

function checkBytes({ tag }: PaperCode, secret: Uint8Array): Uint8Array {
  return sha256(concat(utf8ToBytes(tag), secret)).slice(0, CHECK_BYTES);
}

function bytesToNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function numberToBytes(number: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--, number >>= 8n) bytes[i] = Number(number & 255n);
  return bytes;
}

function invalid({ error }: PaperCode, message: string, details?: Record<string, unknown>): SalusError {
  return new SalusError({ code: error, message, details });
}
