import type { Hex } from "viem";
import { EVIDENCE_REASONS, permits, type ReasonName } from "../data-use.ts";
import { DUO } from "../generated/constants.ts";
import type { Terms } from "../types.ts";
import { allowsCountry } from "./countries.ts";

/** A term whose condition only evidence can meet. */
export type MissingEvidence = { term: bigint; reason: ReasonName };

/** What a purpose still needs, and why it is refused whatever is shown, if it is. */
export type EvidenceNeeds = {
  /** the rule that forbids it even with all the evidence; undefined where none does */
  refusal: Exclude<ReasonName, "Permitted"> | undefined;
  /** what must be shown and is not, in the order of the chain */
  missing: MissingEvidence[];
};

/**
 * Tells apart what a buyer can get (attestations, a proof of descent) and what the terms forbid outright.
 *
 * @param shown bits of the terms for which evidence is at hand
 * @param until when the use ends, in seconds
 */
export function evidenceNeeds(
  terms: Pick<Terms, "duo" | "disease" | "dates" | "countries">,
  purpose: { uses: bigint; disease: Hex; country: number },
  { shown, time, until }: { shown: bigint; time: number; until: number },
): EvidenceNeeds {
  const place = allowsCountry(terms.countries, purpose.country) ? DUO.GS : 0n;
  const possible = DUO.ATTESTED | DUO.DS | place;
  const reason = permits(terms, purpose, { shown: possible, time, until });
  if (reason !== "Permitted") return { refusal: reason, missing: [] };
  const asks = EVIDENCE_REASONS.filter(([term]) => terms.duo & term & ~(shown | place));
  const missing = asks.map(([term, why]) => ({ term, reason: why }));
  const other = permits(terms, purpose, { shown: possible & ~DUO.DS, time, until }) === "OtherDisease";
  const descent = other && !(shown & DUO.DS) ? [{ term: DUO.DS, reason: "OtherDisease" as const }] : [];
  return { refusal: undefined, missing: [...descent, ...missing] };
}
