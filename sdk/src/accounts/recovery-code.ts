import { utf8ToBytes } from "@noble/hashes/utils.js";
import { concat } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { SalusError } from "../errors.ts";
import { assertAccountSecret } from "./derive.ts";

/**
 * Recovery code of an account secret, for paper.
 *
 * 32 bytes of secret ‖ the first 3 bytes of SHA-256("salus.recovery-code.v1" ‖ secret) = 280 bits = 56 characters of
 * Crockford's base32, in 14 groups of four joined by "-". A mistyped code is taken for right once in 16.8 million.
 * Letters may be typed in either case; O counts as 0, I and L as 1; spaces and dashes are free.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LOOKALIKES: Record<string, string> = { O: "0", I: "1", L: "1" };
const TAG = utf8ToBytes("salus.recovery-code.v1");
const SECRET_BYTES = 32;
const CHECK_BYTES = 3;
const CHARACTERS = 56;
const GROUP = 4;

/**
 * Writes an account secret as a recovery code, such as `8R6K-…` (14 groups).
 *
 * @throws SDK_ACCOUNT_SECRET_INVALID
 */
export function encodeRecoveryCode(accountSecret: Uint8Array): string {
  assertAccountSecret(accountSecret);
  let number = bytesToNumber(concat(accountSecret, checkBytes(accountSecret)));
  let text = "";
  for (let i = 0; i < CHARACTERS; i++, number >>= 5n) text = ALPHABET[Number(number & 31n)] + text;
  return text.match(new RegExp(`.{${GROUP}}`, "g"))!.join("-");
}

/**
 * Reads a recovery code back into the 32-byte account secret.
 *
 * @throws SDK_RECOVERY_CODE_INVALID saying whether it is too short, too long, holds a character that no code has (with
 *   its group), or fails its check. The error never holds the code.
 */
export function decodeRecoveryCode(code: string): Uint8Array {
  const text = code.toUpperCase().replace(/[\s\-–—]/g, "");
  const bad = Array.from(text).findIndex((letter) => !ALPHABET.includes(LOOKALIKES[letter] ?? letter));
  if (bad >= 0) {
    throw invalid(`Group ${Math.floor(bad / GROUP) + 1} holds a character that no recovery code has.`, {
      group: Math.floor(bad / GROUP) + 1,
    });
  }
  if (text.length !== CHARACTERS) {
    throw invalid(`A recovery code has ${CHARACTERS} characters; this one has ${text.length}.`, {
      characters: text.length,
    });
  }
  let number = 0n;
  for (const letter of text) number = (number << 5n) | BigInt(ALPHABET.indexOf(LOOKALIKES[letter] ?? letter));
  const bytes = numberToBytes(number, SECRET_BYTES + CHECK_BYTES);
  const secret = bytes.slice(0, SECRET_BYTES);
  const check = checkBytes(secret);
  if (check.some((byte, i) => byte !== bytes[SECRET_BYTES + i])) {
    throw invalid(
      "The recovery code's check does not match: at least one character is wrong or out of place.",
    );
  }
  assertAccountSecret(secret);
  return secret;
}

function checkBytes(secret: Uint8Array): Uint8Array {
  return sha256(concat(TAG, secret)).slice(0, CHECK_BYTES);
}

function bytesToNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function numberToBytes(number: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--, number >>= 8n) bytes[i] = Number(number & 255n);
  return bytes;
}

function invalid(message: string, details?: Record<string, unknown>): SalusError {
  return new SalusError({ code: "SDK_RECOVERY_CODE_INVALID", message, details });
}
