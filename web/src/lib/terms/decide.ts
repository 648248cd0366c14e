import { WebError } from "#lib/errors.ts";
import type { ReasonWords } from "./reasons.ts";

export type Verdict = { permitted: true } | ({ permitted: false } & ReasonWords);

/** Whether a dataset's terms permit declared uses, with the words for a refusal. */
export function decide(_terms: { duo: bigint; disease: `0x${string}` }, _uses: bigint): Verdict {
  throw new WebError("WEB_NOT_CONNECTED");
}
