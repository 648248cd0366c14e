import { formatDuration } from "#lib/format.ts";
import { formatMoney, parseMoney, type Currency } from "#lib/money.ts";

/** In what a parameter is measured on chain. */
export type ParameterUnit = "basisPoints" | "percent" | "seconds" | "votes" | "money" | "count" | "address";

const VOTES_DECIMALS = 18;
const WHOLE = new Intl.NumberFormat("en-GB");
const DAY = 86_400n;

/** Votes as people read them: whole ones, rounded down, unless there are fewer than one. */
export function formatVotes(amount: bigint): string {
  const whole = amount / 10n ** BigInt(VOTES_DECIMALS);
  if (whole > 0n || amount === 0n) return `${WHOLE.format(whole)} ${whole === 1n ? "vote" : "votes"}`;
  return "less than 1 vote";
}

/** A parameter's value in words: "2 %", "3 days", "50,000 votes". @param value decimal digits, or an address */
export function formatParameter(unit: ParameterUnit, value: string, currency: Currency): string {
  if (unit === "address") return /^0x0{40}$/.test(value) ? "Nobody" : value;
  const number = BigInt(value);
  if (unit === "basisPoints") return `${percentOf(number)} %`;
  if (unit === "percent") return `${WHOLE.format(number)} %`;
  if (unit === "seconds") return formatDuration(Number(number));
  if (unit === "votes") return formatVotes(number);
  if (unit === "money") return formatMoney(number, currency);
  return WHOLE.format(number);
}

/** What a person types a value of this unit in. */
export function inputUnit(unit: ParameterUnit, currency: Currency): string {
  const words: Record<ParameterUnit, string> = {
    basisPoints: "in percent",
    percent: "in percent",
    seconds: "in seconds, or like “2 days”",
    votes: "in votes",
    money: `in ${currency.symbol}`,
    count: "as a whole number",
    address: "as an address",
  };
  return words[unit];
}

/** Reads a value as people type it; null when it is none. @returns decimal digits, or an address */
export function parseParameter(unit: ParameterUnit, text: string, currency: Currency): string | null {
  const typed = text.trim();
  if (unit === "address") return /^0x[0-9a-fA-F]{40}$/.test(typed) ? typed : null;
  if (unit === "seconds") return parseDuration(typed);
  const decimals = { basisPoints: 2, percent: 0, votes: VOTES_DECIMALS, money: currency.decimals, count: 0 }[
    unit
  ];
  return parseMoney(typed, { symbol: "", decimals })?.toString() ?? null;
}

function percentOf(bps: bigint): string {
  return String(Number((Number(bps) / 100).toFixed(2)));
}

function parseDuration(text: string): string | null {
  const match = /^(\d+)\s*(s|seconds?|minutes?|hours?|days?)?$/i.exec(text);
  if (!match) return null;
  const word = (match[2] ?? "s").toLowerCase();
  const size = word.startsWith("d") ? DAY : word.startsWith("h") ? 3_600n : word.startsWith("m") ? 60n : 1n;
  return (BigInt(match[1]!) * size).toString();
}
