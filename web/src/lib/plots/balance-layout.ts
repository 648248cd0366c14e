import { scaleLinear, scaleUtc } from "d3-scale";
import type { PlotSize } from "./histogram-layout.ts";

/** What was held from a moment on. */
export interface BalancePoint {
  /** Seconds since 1970. */
  at: number;
  /** In whole units of the token. */
  balance: number;
}

export interface BalanceLayout {
  /** A line in steps: nothing is held between two sums. */
  path: string;
  xTicks: { label: string; x: number }[];
  yTicks: { value: number; y: number }[];
  baseline: number;
}

/** Least span of time that is drawn, in seconds: one single flow still gets an axis. */
const LEAST_SPAN = 60;

const DAY = 86_400;
/** In UTC, as everywhere on the site, so that server and browser agree. */
const ON_DAYS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const AT_TIMES = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });

/**
 * Places what was held over time as a line in steps, from zero, up to `now`.
 * @param points in the order of time
 */
export function layoutBalance(points: readonly BalancePoint[], now: number, size: PlotSize): BalanceLayout {
  const first = points[0]?.at ?? now;
  const from = Math.min(first, now - LEAST_SPAN);
  const x = scaleUtc()
    .domain([from * 1000, Math.max(now, first) * 1000])
    .range([size.left, size.width - size.right]);
  const y = scaleLinear()
    .domain([0, Math.max(1, ...points.map(({ balance }) => balance))])
    .nice(4)
    .range([size.height - size.bottom, size.top]);
  const steps = points.map(({ at, balance }) => `H${x(at * 1000)}V${y(balance)}`);
  const format = now - from > DAY ? ON_DAYS : AT_TIMES;
  return {
    path: points.length === 0 ? "" : `M${x(from * 1000)},${y(0)}${steps.join("")}H${x(now * 1000)}`,
    xTicks: x.ticks(4).map((tick) => ({ label: format.format(tick), x: x(tick) })),
    yTicks: y.ticks(4).map((value) => ({ value, y: y(value) })),
    baseline: y(0),
  };
}
