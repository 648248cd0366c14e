import { ATTESTED_KINDS, type AttestedKind } from "@salus/sdk/data-use/attested-kinds";
import { formatDate } from "#lib/format.ts";
import { DURATIONS, endOf, endOfDay, type DurationId } from "./check-application.ts";
import type { ApplicationItem } from "./read.ts";
import { shownBy } from "./state.ts";
import { kindWords } from "./words.ts";

type UntilId = "asked" | DurationId | "day";

/** A decision while it is being made. */
export interface Draft {
  verdict?: "approve" | "refuse";
  kinds: AttestedKind[];
  until?: UntilId;
  /** Last day, as a date field gives it. */
  day: string;
  reason: string;
}

/** The kinds that are asked for, that a committee may attest, and that nobody has attested yet. */
export function kindsToDecide(
  { asked, view }: Pick<ApplicationItem, "asked" | "view">,
  listed: bigint,
): { value: AttestedKind; label: string }[] {
  const open = asked & listed & ~shownBy(view.judged);
  return (Object.entries(ATTESTED_KINDS) as [AttestedKind, number][])
    .filter(([, kind]) => (open >> BigInt(kind)) & 1n)
    .map(([value, kind]) => ({ value, label: kindWords(kind) }));
}

/** Ends that a committee can choose; what was asked for only while it has not passed. */
export function untilOptions(asked: number, now = Date.now()): { value: UntilId; label: string }[] {
  const asAsked = { value: "asked" as const, label: `As asked: until ${formatDate(asked)}` };
  return [
    ...(asked * 1000 > now ? [asAsked] : []),
    ...DURATIONS.map(({ id, label }) => ({ value: id, label: `For ${label}` })),
    { value: "day", label: "Another day" },
  ];
}

/** Last second of the approval in a draft; undefined while none is chosen. */
export function expiryOf({ until, day }: Draft, asked: number): number | undefined {
  if (until === undefined) return undefined;
  if (until === "asked") return asked;
  return until === "day" ? endOfDay(day) : endOf(until);
}

/** What is missing in a draft, by field; empty when it can be signed. */
export function checkDecision(
  draft: Draft,
  asked: number,
): { verdict?: string; kinds?: string; until?: string; day?: string; reason?: string } {
  if (draft.verdict === undefined) return { verdict: "Choose one." };
  if (draft.verdict === "refuse") {
    return draft.reason.trim() ? {} : { reason: "Write why: the applicant needs it." };
  }
  const day = draft.until === "day" && expiryOf(draft, asked) === undefined;
  return {
    ...(draft.kinds.length > 0 ? {} : { kinds: "Choose what you attest." }),
    ...(draft.until ? {} : { until: "Choose until when." }),
    ...(day ? { day: "Choose a day that has not passed." } : {}),
  };
}
