import { explainTerms, type TermWords } from "@salus/sdk/data-use/explain-terms";

export type { TermWords };

/** The English name of a country by its ISO 3166-1 numeric code; a locale maps it to the letters that have names. */
export function countryName(code: number): string {
  const digits = String(code).padStart(3, "0");
  const { region } = new Intl.Locale(`und-${digits}`);
  return new Intl.DisplayNames("en", { type: "region" }).of(region ?? digits) ?? digits;
}

/** The terms that are set, in sentences, in the order in which pages list them. */
export function termsOf(terms: { duo: bigint; dates: bigint; countries: bigint }): TermWords[] {
  return explainTerms(terms, { country: countryName });
}
