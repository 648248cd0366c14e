import type { Purpose } from "#lib/terms/purpose.svelte.ts";

/** For how long an approval can be asked for, and granted. */
export const DURATIONS = [
  { id: "3", label: "3 months", months: 3 },
  { id: "6", label: "6 months", months: 6 },
  { id: "12", label: "1 year", months: 12 },
] as const;

export type DurationId = (typeof DURATIONS)[number]["id"];

/** The last second of the day on which a duration from now ends, in UTC. */
export function endOf(id: DurationId, now = new Date()): number {
  const { months } = DURATIONS.find((one) => one.id === id)!;
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth() + months, now.getUTCDate()];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, lastDay) + 1) / 1000 - 1;
}

/** The last second of a day as a date field gives it, in UTC; undefined for no day, or one that has passed. */
export function endOfDay(day: string, now = Date.now()): number | undefined {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  const end = start / 1000 + 86_399;
  return Number.isFinite(end) && end * 1000 > now && end < 2 ** 40 ? end : undefined;
}

/** What is missing on the form, by field; empty when it can be sent. */
export function checkApplication(
  purpose: Purpose,
  { project, study, duration }: { project: string; study: string; duration: DurationId | undefined },
): { project?: string; purpose?: string; study?: string; duration?: string } {
  const problem = purposeProblem(purpose);
  return {
    ...(project.trim() ? {} : { project: "Say in a sentence what your project is." }),
    ...(problem ? { purpose: problem } : {}),
    ...(study.trim() ? {} : { study: "Say what the study is about: a committee decides by it." }),
    ...(duration ? {} : { duration: "Choose for how long." }),
  };
}

/** No committee can approve what the terms forbid whatever is shown. */
function purposeProblem({ unanswered, verdict }: Purpose): string | undefined {
  if (unanswered) return unanswered;
  if (!verdict || verdict.permitted || verdict.missing.length > 0) return undefined;
  return `No committee can approve this, because ${verdict.because} ${verdict.remedy}`;
}
