import type { ProposalState } from "#lib/data/types.ts";

/** When what happens to a proposal, in seconds since 1970. */
export interface ProposalTimes {
  createdAt: number;
  startsAt: number;
  endsAt: number;
  /** From when on it may be carried out, once it is queued. */
  executableAt: number | null;
  /** When it was carried out or canceled. */
  endedAt: number | null;
}

/** A step of a proposal's life. */
export interface TimelineStep {
  label: string;
  /** What `at` is: the step's time, or the moment that it lasts to. */
  until?: boolean;
  /** Null while it is open. */
  at: number | null;
  state: "done" | "now" | "next";
}

type Step = Omit<TimelineStep, "state">;

/** Steps of a proposal's life, in their order: what is done, where it stands, what may come. */
export function timelineOf(state: ProposalState, times: ProposalTimes): TimelineStep[] {
  const proposed: Step = { label: "Proposed", at: times.createdAt };
  const voting: Step =
    state === "Pending"
      ? { label: "Voting opens", at: times.startsAt }
      : { label: "Voting", at: times.endsAt, until: true };
  const accepted: Step = { label: "Accepted", at: isPast(state) ? times.endsAt : null };
  const queued: Step = { label: "Waiting", at: times.executableAt, until: true };
  const done: Step = { label: "Carried out", at: times.endedAt };
  switch (state) {
    case "Canceled":
      return mark([proposed, { label: "Canceled", at: times.endedAt }], 1);
    case "Defeated":
      return mark([proposed, voting, { label: "Not accepted", at: times.endsAt }], 2);
    case "Expired":
      return mark([proposed, voting, accepted, queued, { label: "Expired", at: null }], 4);
    default: {
      const at = { Pending: 0, Active: 1, Succeeded: 2, Queued: 3, Executed: 4 }[state];
      return mark([proposed, voting, accepted, queued, done], at);
    }
  }
}

function isPast(state: ProposalState): boolean {
  return state !== "Pending" && state !== "Active";
}

function mark(steps: readonly Step[], now: number): TimelineStep[] {
  return steps.map((step, index) => ({
    ...step,
    state: index < now ? "done" : index === now ? "now" : "next",
  }));
}
