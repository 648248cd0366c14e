import { evidenceNeeds } from "@salus/sdk/data-use/evidence-needs";
import { DataUseReason, DUO } from "@salus/sdk/generated/constants";
import { reasonWords, type ReasonWords } from "./reasons.ts";

/**
 * The answer to a purpose. Where evidence would do, `missing` says which, and `because` and `remedy` speak of the first;
 * it is empty where nothing that the requester could show would help.
 */
export type Verdict = { permitted: true } | ({ permitted: false; missing: ReasonWords[] } & ReasonWords);

/** What a dataset allows, as far as a purpose is judged by it. */
export interface UseTerms {
  duo: bigint;
  disease: `0x${string}`;
  dates: bigint;
  countries: bigint;
}

const NO_DISEASE = `0x${"00".repeat(32)}` as const;
/** ISO 3166-1 has no 0: the country of use is not stated. */
const NO_COUNTRY = 0;

/** What is known besides the uses. */
interface Around {
  /** in seconds */
  now?: number;
  /** ISO 3166-1 numeric */
  country?: number;
  /** Bits of the terms for which evidence is at hand. */
  shown?: bigint;
}

/** Whether a dataset's terms permit declared uses, with the words for a refusal: the rule that the chain applies too. */
export function decide(
  terms: UseTerms,
  uses: bigint,
  { now = Math.floor(Date.now() / 1000), country = NO_COUNTRY, shown = 0n }: Around = {},
): Verdict {
  const purpose = { uses, disease: NO_DISEASE, country };
  const { refusal, missing } = evidenceNeeds(terms, purpose, { shown, time: now, until: now });
  const [first, ...more] = (refusal ? [refusal] : missing.map(({ reason }) => reason)).flatMap(
    (reason) => reasonWords(DataUseReason[reason]) ?? [],
  );
  if (!first) return { permitted: true };
  return { permitted: false, ...first, missing: refusal ? [] : [first, ...more] };
}

/** The kinds of attestation that terms ask for, as bits: what a committee can be asked to approve. */
export function attestationsAsked({ duo }: Pick<UseTerms, "duo">): bigint {
  return duo & DUO.ATTESTED;
}
