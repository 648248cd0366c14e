import type { Check, CheckName } from "@salus/sdk/orders/verify-receipt";
import type { ReceiptCheck } from "#lib/data/types.ts";

/** What each check stands for, and what it means when it does not hold. */
const WORDS: Record<CheckName, { claim: string; wrong: string }> = {
  delivered: {
    claim: "The receipt belongs to this order",
    wrong: "The receipt on record names another order.",
  },
  receiptOnChain: {
    claim: "It is the receipt that was put on record",
    wrong: "The record book holds the fingerprint of another receipt.",
  },
  signatures: {
    claim: "Enough data keepers signed it, among them the one that did the work",
    wrong: "Signatures are missing or were not made by registered data keepers.",
  },
  consentBlock: {
    claim: "The moment at which people's choices were read is in this record book",
    wrong: "The receipt names a moment that this record book does not have.",
  },
  job: { claim: "What was run is what was ordered", wrong: "The receipt is for another job than the order." },
  versionFiles: {
    claim: "The public files are those of the version that was ordered",
    wrong: "A public file is not the one whose fingerprint is on record.",
  },
  cohort: {
    claim: "Exactly the people who allowed this use took part",
    wrong: "Worked out again from people's choices, the list of who took part is another one.",
  },
  privacyCost: {
    claim: "The privacy cost is within what the order allows",
    wrong: "The receipt charges more privacy than the order allows.",
  },
};

/** One check of the SDK in words for people; the SDK's own sentence is for the right case. */
export function checkInWords({ name, ok, detail }: Check): ReceiptCheck {
  const { claim, wrong } = WORDS[name];
  return { claim, ok, detail: ok ? detail : wrong };
}
