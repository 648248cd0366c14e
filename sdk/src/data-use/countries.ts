import { SalusError } from "../errors.ts";
import { COUNTRY_CODES } from "../generated/constants.ts";

const PLACES: ReadonlyMap<number, number> = new Map(COUNTRY_CODES.map((code, place) => [code, place]));

/**
 * The `countries` of terms: one bit a country, as the library `Countries` reads them.
 * @param codes ISO 3166-1 numeric
 * @throws SDK_INVALID_INPUT for a code that is not of the standard
 */
export function countrySet(codes: readonly number[]): bigint {
  return codes.reduce((set, code) => {
    const place = PLACES.get(code);
    if (place !== undefined) return set | (1n << BigInt(place));
    throw new SalusError({
      code: "SDK_INVALID_INPUT",
      message: `${code} is no country's code in ISO 3166-1 numeric.`,
      details: { code },
    });
  }, 0n);
}

/** The countries of a set, as ascending ISO 3166-1 numeric codes. */
export function countriesOf(set: bigint): number[] {
  return COUNTRY_CODES.filter((_, place) => (set >> BigInt(place)) & 1n);
}

/** Whether a set holds a country. */
export function allowsCountry(set: bigint, code: number): boolean {
  const place = PLACES.get(code);
  return place !== undefined && ((set >> BigInt(place)) & 1n) === 1n;
}
