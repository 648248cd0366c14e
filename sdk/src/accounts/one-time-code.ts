import { randomBytes } from "../crypto/bytes.ts";
import type { DatasetContext } from "../crypto/context.ts";
import { assertOneTimeCode, type DerivedKey, deriveDatasetKey } from "./derive.ts";
import { readPaperCode, writePaperCode, type PaperCode } from "./paper-code.ts";

/**
 * The one-time code of an institution's letter: 17 random bytes (136 bits, so that nobody can try them all) and their
 * check are 160 bits, 32 characters in 8 groups of four.
 */
const KIND: PaperCode = {
  name: "one-time code",
  tag: "salus.one-time-code.v1",
  secretBytes: 17,
  error: "SDK_ONE_TIME_CODE_INVALID",
};

/** A new one-time code: 17 random bytes. One for each person is enough: it gives another key in each dataset. */
export function generateOneTimeCode(): Uint8Array {
  return randomBytes(KIND.secretBytes);
}

/**
 * Writes a one-time code as it is printed, such as `8R6K-…` (8 groups).
 *
 * @throws SDK_ONE_TIME_CODE_INVALID
 */
export function printOneTimeCode(code: Uint8Array): string {
  assertOneTimeCode(code);
  return writePaperCode(KIND, code);
}

/**
 * Reads a printed one-time code, as people type it.
 *
 * @throws SDK_ONE_TIME_CODE_INVALID saying what is wrong with it. The error never holds the code.
 */
export function readOneTimeCode(printed: string): Uint8Array {
  const code = readPaperCode(KIND, printed);
  assertOneTimeCode(code);
  return code;
}

/**
 * The key of a one-time code in one dataset: who holds the letter has it, and signs with it that they take over, contest
 * or revoke. Its address tells which provisional subject the code belongs to (`provisionalSubject`).
 * Derived as `deriveSubjectKey`, with the name `salus.code.v1`.
 *
 * @throws SDK_ONE_TIME_CODE_INVALID
 */
export function deriveCodeKey(code: Uint8Array, context: DatasetContext): DerivedKey {
  assertOneTimeCode(code);
  return deriveDatasetKey(code, "salus.code.v1", context);
}
