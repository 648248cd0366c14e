import type { Tone } from "#lib/components/tone.ts";
import type { DisputeDetail, DisputePartyName, DisputeSummary, RulingName } from "#lib/data/disputes.ts";

/** Who opened a dispute. */
export const PARTY_WORDS: Record<DisputePartyName, string> = {
  Buyer: "The buyer",
  Custodian: "The institution that did the work",
  Contributor: "A person whose data was used",
};

/** What a ruling brings about. */
export const RULING_WORDS: Record<RulingName, { label: string; hint: string }> = {
  Refund: { label: "Give the buyer the money back", hint: "The buyer gets price and fee back." },
  Pay: { label: "Pay as the receipt says", hint: "The bond is lost." },
  None: {
    label: "Decide nothing",
    hint: "It is paid as the receipt says, and the bond goes back less the arbitrators' part.",
  },
};

export const RULINGS = (["Refund", "Pay", "None"] as const).map((value) => ({
  value,
  ...RULING_WORDS[value],
}));

/** Phase of a dispute by the chain's clock. */
export type Phase = "evidence" | "votes" | "late" | "ended";

/** Where a dispute stands at a moment of the chain's clock, in seconds. */
export function phaseOf(
  { state, evidenceUntil, rulingUntil }: Pick<DisputeSummary, "state" | "evidenceUntil" | "rulingUntil">,
  now: number,
): Phase {
  if (state !== "Open") return "ended";
  if (now < evidenceUntil) return "evidence";
  return now < rulingUntil ? "votes" : "late";
}

export const PHASE_WORDS: Record<Exclude<Phase, "ended">, { label: string; tone: Tone; text: string }> = {
  evidence: {
    label: "Evidence",
    tone: "info",
    text: "Everybody who takes part can add documents. Arbitrators vote afterwards.",
  },
  votes: { label: "Voting", tone: "warn", text: "The arbitrators vote. Three who agree decide." },
  late: {
    label: "Time is over",
    tone: "warn",
    text: "Nobody decided in time. Anyone can close it now: it is paid as the receipt says.",
  },
};

/** How a dispute ended. */
export function outcomeWords({ state, ruling }: Pick<DisputeSummary, "state" | "ruling">): {
  label: string;
  tone: Tone;
  text: string;
} {
  if (state === "Silent") {
    return {
      label: "Ended by silence",
      tone: "plain",
      text: "No three agreed in time. It was paid as the receipt says, the bond went back, and who stayed silent lost their stake.",
    };
  }
  if (state === "TooFewLeft") {
    return {
      label: "Nobody left to rule",
      tone: "plain",
      text: "Fewer than three arbitrators were free to rule. It was paid as the receipt says, and the bond went back.",
    };
  }
  if (state === "Undecided" || ruling === "None" || ruling === null) {
    return {
      label: "No decision",
      tone: "plain",
      text: "No three agreed on more. It was paid as the receipt says.",
    };
  }
  return ruling === "Refund"
    ? {
        label: "Money back",
        tone: "good",
        text: "Three arbitrators decided that the buyer gets the money back.",
      }
    : { label: "Paid", tone: "good", text: "Three arbitrators decided that it is paid as the receipt says." };
}

/** One line of a dispute's history. */
export interface Happening {
  at: number;
  text: string;
  by?: string;
  quote?: string;
}

/** What happened, in its order. */
export function historyOf(dispute: DisputeDetail): Happening[] {
  const opened = {
    at: dispute.openedAt,
    text: `${PARTY_WORDS[dispute.party]} opened the dispute.`,
    by: dispute.opener,
  };
  const documents = dispute.documents.map(({ at, by, contributor }) => ({
    at,
    by,
    text: contributor ? "A person whose data was used added a document." : "A document was added.",
  }));
  const recusals = dispute.recusals.map(({ at, member, reason }) => ({
    at,
    by: member,
    text: "An arbitrator stepped aside.",
    quote: reason,
  }));
  const votes = dispute.votes.map(({ at, member, ruling, lied, reason }) => ({
    at,
    by: member,
    text: `An arbitrator voted: ${RULING_WORDS[ruling].label.toLowerCase()}${lied ? ", and the institution lied" : ""}.`,
    quote: reason,
  }));
  const end = dispute.endedAt === null ? [] : [{ at: dispute.endedAt, text: outcomeWords(dispute).text }];
  const middle = [...documents, ...recusals, ...votes].sort((a, b) => a.at - b.at);
  return [opened, ...middle, ...end];
}
