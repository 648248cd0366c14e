import { combine, split } from "shamir-secret-sharing";
import { SalusError } from "../errors.ts";
import { plainBytes } from "./bytes.ts";

/** Bytes of one key share: the 32 values of the polynomial, then the point (1–255) at which they were taken. */
export const SHARE_BYTES = 33;

/**
 * Splits a record key into `shares` key shares of which any `threshold` give it back and fewer say nothing about it
 * (Shamir 1979, over GF(2^8), one polynomial for each byte).
 *
 * The library draws the points at random, so a share carries its own point and the order of the answer means nothing:
 * the caller decides which gateway gets which.
 *
 * @throws SDK_INVALID_INPUT unless 2 ≤ threshold ≤ shares ≤ 255 and the key has 32 bytes
 */
export async function splitKey(key: Uint8Array, shares: number, threshold: number): Promise<Uint8Array[]> {
  const inRange = Number.isInteger(shares) && Number.isInteger(threshold) && threshold >= 2;
  if (!inRange || threshold > shares || shares > 255 || key.length !== 32) {
    throw new SalusError({
      code: "SDK_INVALID_INPUT",
      message: `A 32-byte key splits into n shares with 2 ≤ threshold ≤ n ≤ 255, not ${threshold} of ${shares} for ${key.length} bytes.`,
      details: { shares, threshold, keyBytes: key.length },
    });
  }
  return split(plainBytes(key), shares, threshold);
}

/**
 * Gives the key back from at least `threshold` distinct shares. Wrong shares give a wrong key without a sign: verify each
 * share's commitment before, and the key's after (`openRecord` does both).
 *
 * @throws SDK_TOO_FEW_SHARES, SDK_DUPLICATE_SHARE, SDK_INVALID_INPUT for a share of another length
 */
export async function combineKey(shares: readonly Uint8Array[], threshold: number): Promise<Uint8Array> {
  if (shares.some((share) => share.length !== SHARE_BYTES)) {
    throw new SalusError({ code: "SDK_INVALID_INPUT", message: `A key share has ${SHARE_BYTES} bytes.` });
  }
  if (new Set(shares.map((share) => share[SHARE_BYTES - 1])).size !== shares.length) {
    throw new SalusError({
      code: "SDK_DUPLICATE_SHARE",
      message: "Two key shares are of one point, so they count as one.",
    });
  }
  if (shares.length < threshold) throw tooFewShares(shares.length, threshold);
  return combine(shares.map(plainBytes));
}

/** The error for `have` usable shares where `need` are needed. */
export function tooFewShares(have: number, need: number): SalusError {
  return new SalusError({
    code: "SDK_TOO_FEW_SHARES",
    message: `${have} of the ${need} key shares needed are here.`,
    details: { have, need },
  });
}
