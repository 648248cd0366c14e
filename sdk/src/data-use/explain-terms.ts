import { datesOf } from "../data-use.ts";
import { DUO } from "../generated/constants.ts";
import type { Terms } from "../types.ts";
import { countriesOf } from "./countries.ts";

/** A term that is set, in a sentence that stands alone. */
export type TermWords = {
  bit: bigint;
  /** the term in the Data Use Ontology; null for the protocol's own */
  duo: string | null;
  text: string;
};

type About = { countries: string; moratorium: string; use: string; disease: string };

const WORDS: readonly [bit: bigint, duo: string | null, text: (about: About) => string][] = [
  [DUO.NRES, "DUO:0000004", () => "May be used for any purpose"],
  [DUO.GRU, "DUO:0000042", () => "May be used for research of any kind"],
  [DUO.HMB, "DUO:0000006", () => "May be used for research into health only"],
  [DUO.DS, "DUO:0000007", ({ disease }) => `May be used for research into ${disease} only`],
  [DUO.POA, "DUO:0000011", () => "May be used for research into ancestry only"],
  [DUO.CC, "DUO:0000043", () => "May also be used for the care of patients"],
  [DUO.NCU, "DUO:0000046", () => "Not for commercial ends"],
  [DUO.NPU, "DUO:0000045", () => "For not-for-profit organisations and uses only"],
  [DUO.NPUNCU, "DUO:0000018", () => "Neither for commercial ends nor for profit-making organisations"],
  [DUO.NO_REIDENTIFICATION, null, () => "No attempt to find out who a person is"],
  [DUO.NMDS, "DUO:0000015", () => "Not for the development of methods"],
  [DUO.GSO, "DUO:0000016", () => "For genetic studies only"],
  [DUO.NPOA, "DUO:0000044", () => "Not for research into ancestry"],
  [DUO.PUB, "DUO:0000019", () => "Results must be made public"],
  [DUO.RTN, "DUO:0000029", () => "Derived data must be given back to the dataset's owner"],
  [DUO.MOR, "DUO:0000024", ({ moratorium }) => `Nothing may be published before ${moratorium}`],
  [DUO.TS, "DUO:0000025", ({ use }) => `May be used until ${use} only`],
  [
    DUO.RS,
    "DUO:0000012",
    () => "Certain research only: a listed committee must attest that yours is such research",
  ],
  [DUO.COL, "DUO:0000020", () => "Only together with those who collected it, attested by a listed committee"],
  [DUO.IRB, "DUO:0000021", () => "Needs the approval of a listed ethics committee"],
  [DUO.GS, "DUO:0000022", ({ countries }) => `May be used in these countries only: ${countries}`],
  [
    DUO.US,
    "DUO:0000026",
    () => "For certain people only: a listed committee must attest that you are one of them",
  ],
  [
    DUO.PS,
    "DUO:0000027",
    () => "For certain projects only: a listed committee must attest that yours is one",
  ],
  [
    DUO.IS,
    "DUO:0000028",
    () => "For certain institutions only: a listed committee must attest that yours is one",
  ],
];

/**
 * Terms in plain words, one sentence a term, permissions first.
 *
 * @param names words for what the terms hold as digests or codes; by default the codes themselves
 */
export function explainTerms(
  terms: Pick<Terms, "duo" | "dates" | "countries">,
  names: { disease?: string; country?: (code: number) => string } = {},
): TermWords[] {
  const { moratorium, use } = datesOf(terms);
  const country = names.country ?? ((code) => String(code));
  const about: About = {
    disease: names.disease ?? "one named disease",
    countries: countriesOf(terms.countries).map(country).join(", ") || "none",
    moratorium: dayOf(moratorium),
    use: dayOf(use),
  };
  return WORDS.filter(([bit]) => terms.duo & bit).map(([bit, duo, text]) => ({
    bit,
    duo,
    text: text(about),
  }));
}

/** The day of a time in seconds, as YYYY-MM-DD in UTC. */
function dayOf(seconds: number): string {
  return seconds === 0 ? "a date that is missing" : new Date(seconds * 1000).toISOString().slice(0, 10);
}
