const DAY = 86_400_000;

/** "Today" in the demo world. Fixed, so that the world never depends on when it is made. */
export const REFERENCE_DAY = "2025-06-30";

/** The day `days` before `day`, both as YYYY-MM-DD. */
export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}
