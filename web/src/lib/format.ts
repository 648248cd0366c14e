const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
const NUMBER = new Intl.NumberFormat("en-GB");

/** "22 November 2026" from seconds since 1970. Days are counted in UTC, so that server and browser agree. */
export function formatDate(seconds: number): string {
  return DATE.format(seconds * 1000);
}

/** "22 November 2026 at 11:05 UTC" from seconds since 1970. */
export function formatTime(seconds: number): string {
  return `${TIME.format(seconds * 1000)} UTC`;
}

/** Grouped whole number. */
export function formatNumber(value: number | bigint): string {
  return NUMBER.format(value);
}

/** "12.5 %" from basis points. */
export function formatBps(bps: number): string {
  return `${Number((bps / 100).toFixed(2))} %`;
}

/** "4 seconds", "2 minutes", "3 days": the largest unit that divides a number of seconds, if it has one. */
export function formatDuration(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const;
  const [unit, size] = units.find(([, size]) => seconds >= size && seconds % size === 0) ?? ["second", 1];
  const count = seconds / size;
  return `${formatNumber(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** First and last characters of an id, for technical details. */
export function shorten(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
