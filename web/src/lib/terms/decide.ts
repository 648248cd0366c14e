import { permits } from "@salus/sdk/data-use";
import { DataUseReason } from "@salus/sdk/generated/constants";
import { reasonWords, type ReasonWords } from "./reasons.ts";

export type Verdict = { permitted: true } | ({ permitted: false } & ReasonWords);

const NO_DISEASE = `0x${"00".repeat(32)}` as const;

/** Whether a dataset's terms permit declared uses, with the words for a refusal: the rule that the chain applies too. */
export function decide(terms: { duo: bigint; disease: `0x${string}`; dates: bigint }, uses: bigint): Verdict {
  const now = Math.floor(Date.now() / 1000);
  const around = { shown: 0n, time: now, until: now };
  const words = reasonWords(DataUseReason[permits(terms, { uses, disease: NO_DISEASE }, around)]);
  return words === null ? { permitted: true } : { permitted: false, ...words };
}
