import { permits } from "@salus/sdk/data-use";
import { DataUseReason } from "@salus/sdk/generated/constants";
import { reasonWords, type ReasonWords } from "./reasons.ts";

export type Verdict = { permitted: true } | ({ permitted: false } & ReasonWords);

const NO_DISEASE = `0x${"00".repeat(32)}` as const;

/** Whether a dataset's terms permit declared uses, with the words for a refusal: the rule that the chain applies too. */
export function decide(terms: { duo: bigint; disease: `0x${string}` }, uses: bigint): Verdict {
  const words = reasonWords(DataUseReason[permits(terms, { uses, disease: NO_DISEASE })]);
  return words === null ? { permitted: true } : { permitted: false, ...words };
}
