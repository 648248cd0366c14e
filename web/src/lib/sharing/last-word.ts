import { datasetConsentChangesQuery } from "@salus/sdk/generated/queryTexts";
import type { DatasetConsentChangesQuery } from "@salus/sdk/generated/queries";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import type { Hex } from "#lib/data/types.ts";
import { askText } from "#lib/graph/ask-text.ts";

type Change = DatasetConsentChangesQuery["consentChanges"][number];

/** Changes in one answer of the index. */
const PAGE = 1000;
/** Above every block. */
const LAST_BLOCK = "9007199254740991";

/**
 * The standing word of one subject in a dataset; null when it was never written. Every change of everybody is fetched
 * and the person's is looked for on this device: asking for one person's would tell who asks.
 */
export async function lastWordOf(dataset: Hex, subject: Hex): Promise<ConsentSlot | null> {
  let last: ConsentSlot | null = null;
  let after = "-1";
  for (;;) {
    const { consentChanges } = await askText(datasetConsentChangesQuery, {
      dataset,
      fromBlock: "0",
      toBlock: LAST_BLOCK,
      after,
      first: PAGE,
    });
    last = lastOf(consentChanges, subject) ?? last;
    if (consentChanges.length < PAGE) return last;
    after = consentChanges.at(-1)!.ordinal;
  }
}

/** The subject's slot after the last of these changes that is theirs; null when none is. */
export function lastOf(changes: readonly Change[], subject: Hex): ConsentSlot | null {
  const change = changes.findLast((one) => one.subject.toLowerCase() === subject.toLowerCase());
  if (!change) return null;
  return {
    purposes: BigInt(change.purposes),
    expiry: Number(change.expiry),
    modes: change.modes,
    nonce: Number(change.nonce),
    changedAt: Number(change.block),
  };
}
