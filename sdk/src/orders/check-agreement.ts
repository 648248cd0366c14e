import { keccak256, stringToHex, type Hex } from "viem";
import { SalusError } from "../errors.ts";
import type { Terms } from "../types.ts";

/** Digest of a data-use agreement: keccak256 of its UTF-8 bytes, as they are. */
export function hashAgreement(text: string): Hex {
  return keccak256(stringToHex(text));
}

/**
 * Checks that a text is the data-use agreement whose digest the terms hold, and with them the signed order.
 *
 * @throws SDK_AGREEMENT_MISMATCH
 */
export function checkAgreement(terms: Pick<Terms, "agreement">, text: string): void {
  const digest = hashAgreement(text);
  if (digest === terms.agreement.toLowerCase()) return;
  throw new SalusError({
    code: "SDK_AGREEMENT_MISMATCH",
    message: `The text has digest ${digest}, but the terms name the agreement ${terms.agreement}.`,
    details: { digest, expected: terms.agreement },
  });
}
