import { kindsOf } from "#lib/governance/attested-kinds.ts";
import { ACTIVITIES, GENETIC, QUALITIES, selected, UNDERTAKINGS } from "#lib/terms/uses.ts";
import { countryName } from "#lib/terms/words.ts";
import type { ApplicationItem } from "./read.ts";

/** Declared uses and the country, in one line. */
export function purposeWords({ uses, country }: Pick<ApplicationItem, "uses" | "country">): string {
  const declared = selected([...ACTIVITIES, ...QUALITIES, GENETIC, ...UNDERTAKINGS], uses);
  const words = declared.map(({ declared: text }) => text).join("; ");
  return country === 0 ? words : `${words}; in ${countryName(country)}`;
}

/** A kind of attestation by its number, as people call it. */
export function kindWords(kind: number): string {
  return kindsOf(1n << BigInt(kind))[0] ?? `Kind ${kind}`;
}
