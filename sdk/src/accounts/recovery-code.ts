import { assertAccountSecret } from "./derive.ts";
import { readPaperCode, writePaperCode, type PaperCode } from "./paper-code.ts";

/** Recovery code of an account secret: 32 bytes and their check are 280 bits, 56 characters in 14 groups of four. */
const KIND: PaperCode = {
  name: "recovery code",
  tag: "salus.recovery-code.v1",
  secretBytes: 32,
  error: "SDK_RECOVERY_CODE_INVALID",
};

/**
 * Writes an account secret as a recovery code, such as `8R6K-…` (14 groups).
 *
 * @throws SDK_ACCOUNT_SECRET_INVALID
 */
export function encodeRecoveryCode(accountSecret: Uint8Array): string {
  assertAccountSecret(accountSecret);
  return writePaperCode(KIND, accountSecret);
}

/**
 * Reads a recovery code back into the 32-byte account secret.
 *
 * @throws SDK_RECOVERY_CODE_INVALID saying whether it is too short, too long, holds a character that no code has (with
 *   its group), or fails its check. The error never holds the code.
 */
export function decodeRecoveryCode(code: string): Uint8Array {
  const secret = readPaperCode(KIND, code);
  assertAccountSecret(secret);
  return secret;
}
