import { WebError } from "#lib/errors.ts";

/*
 * A recovery code is the 32-byte account secret and the first 3 bytes of its SHA-256, in Crockford's Base32
 * (https://www.crockford.com/base32.html): 280 bits, 56 letters, 14 groups of 4. Crockford's alphabet has no I, L, O
 * or U, and reads I and L as 1 and O as 0, so that a code copied by hand survives the usual mistakes.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET_BYTES = 32;
const CHECK_BYTES = 3;
const GROUP = 4;
export const GROUPS = 14;

/** Writes an account secret as a recovery code: 14 groups of 4, joined by hyphens. */
export async function toRecoveryCode(secret: Uint8Array): Promise<string> {
  if (secret.length !== SECRET_BYTES) throw new RangeError("an account secret has 32 bytes");
  const bytes = new Uint8Array(SECRET_BYTES + CHECK_BYTES);
  bytes.set(secret);
  bytes.set(await check(secret), SECRET_BYTES);
  return splitGroups(encode(bytes)).join("-");
}

/**
 * Reads a recovery code back; spaces, hyphens and case do not matter.
 * @throws WEB_RECOVERY_CODE when a letter is wrong or missing
 */
export async function fromRecoveryCode(code: string): Promise<Uint8Array> {
  const letters = normalise(code);
  if (letters.length !== GROUPS * GROUP) throw new WebError("WEB_RECOVERY_CODE");
  const bytes = decode(letters);
  const secret = bytes.subarray(0, SECRET_BYTES);
  const expected = await check(secret);
  if (expected.some((byte, index) => byte !== bytes[SECRET_BYTES + index]))
    throw new WebError("WEB_RECOVERY_CODE");
  return secret.slice();
}

/** True when `typed` is the group of that number (0 to 13) of a code. */
export function matchesGroup(code: string, group: number, typed: string): boolean {
  return splitGroups(normalise(code))[group] === normalise(typed);
}

/** Three different groups to ask a person for, in ascending order. */
export function pickGroups(): number[] {
  const picked = new Set<number>();
  // 14 does not divide 256, so bytes from 252 on are drawn again: every group is equally likely.
  while (picked.size < 3) {
    const byte = crypto.getRandomValues(new Uint8Array(1))[0] as number;
    if (byte < 252) picked.add(byte % GROUPS);
  }
  return [...picked].sort((a, b) => a - b);
}

async function check(secret: Uint8Array): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest("SHA-256", secret as BufferSource);
  return new Uint8Array(digest).subarray(0, CHECK_BYTES);
}

function normalise(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replaceAll("O", "0");
}

function splitGroups(letters: string): string[] {
  return letters.match(/.{1,4}/g) ?? [];
}

function encode(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let letters = "";
  for (let index = 0; index < GROUPS * GROUP; index++) {
    letters = (ALPHABET[Number(value & 31n)] as string) + letters;
    value >>= 5n;
  }
  return letters;
}

function decode(letters: string): Uint8Array {
  let value = 0n;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) throw new WebError("WEB_RECOVERY_CODE");
    value = (value << 5n) | BigInt(digit);
  }
  const bytes = new Uint8Array(SECRET_BYTES + CHECK_BYTES);
  for (let index = bytes.length - 1; index >= 0; index--) {
    bytes[index] = Number(value & 255n);
    value >>= 8n;
  }
  return bytes;
}
