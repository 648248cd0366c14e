import type { JudgedDecision } from "@salus/sdk/data-use/judge-application";
import type { Tone } from "#lib/components/tone.ts";

/** Where an application stands: `approved` when an order that rests on it would be taken now. */
export type ApplicationState =
  "waiting" | "partly" | "approved" | "refused" | "withdrawn" | "expired" | "unlisted";

/** The kinds of attestation that hold now, as bits of the terms. */
export function shownBy(judged: readonly JudgedDecision[]): bigint {
  return goodOnes(judged).reduce((bits, { approval }) => bits | (1n << BigInt(approval.message.kind)), 0n);
}

/** The approvals that hold now, the one that lasts longest of each kind. */
export function goodOnes(judged: readonly JudgedDecision[]) {
  const best = new Map<number, Extract<JudgedDecision, { word: "approved" }>>();
  for (const word of judged) {
    if (word.word !== "approved" || word.state !== "good") continue;
    const { kind, expiry } = word.approval.message;
    const other = best.get(kind);
    if (!other || other.approval.message.expiry < expiry) best.set(kind, word);
  }
  return [...best.values()];
}

/**
 * Where an application stands.
 * @param asked kinds that the dataset's terms ask for, as bits
 */
export function stateOf(judged: readonly JudgedDecision[], asked: bigint): ApplicationState {
  const shown = shownBy(judged) & asked;
  if (shown !== 0n) return shown === asked ? "approved" : "partly";
  const last = judged.at(-1);
  if (!last) return "waiting";
  if (last.word === "refused") return "refused";
  return last.state === "good" ? "waiting" : last.state;
}

interface StateWords {
  label: string;
  tone: Tone;
  /** For the one who applied: what it means, and what to do next. */
  text: string;
}

export const STATE_WORDS: Record<ApplicationState, StateWords> = {
  waiting: {
    label: "Waiting",
    tone: "info",
    text: "A committee has not decided yet. There is nothing for you to do.",
  },
  partly: {
    label: "Partly approved",
    tone: "warn",
    text: "The dataset asks for more than has been approved so far. There is nothing for you to do.",
  },
  approved: {
    label: "Approved",
    tone: "good",
    text: "You can order for this project. The order takes the approval by itself.",
  },
  refused: {
    label: "Refused",
    tone: "bad",
    text: "Read the committee's reason. You can apply again with another plan.",
  },
  withdrawn: {
    label: "Withdrawn",
    tone: "bad",
    text: "The committee took its approval back, so nothing new can be ordered with it. Results that you have stay valid. Ask the committee why, or apply again.",
  },
  expired: {
    label: "Expired",
    tone: "warn",
    text: "The approval's last day has passed. Apply again if you need more time.",
  },
  unlisted: {
    label: "No longer counts",
    tone: "bad",
    text: "The committee that approved is no longer one that token holders have listed. Apply again, so that another one can decide.",
  },
};
