import type { ParameterUnit } from "@salus/sdk/governance/parameters";
import { formatDuration, shorten } from "#lib/format.ts";
import { formatMoney, parseMoney, type Currency } from "#lib/money.ts";

const VOTES_DECIMALS = 18;
const WHOLE = new Intl.NumberFormat("en-GB");
const DAY = 86_400n;

/** Votes as people read them: whole ones, rounded down, unless there are fewer than one. */
export function formatVotes(amount: bigint): string {
  const whole = amount / 10n ** BigInt(VOTES_DECIMALS);
  if (whole > 0n || amount === 0n) return `${WHOLE.format(whole)} ${whole === 1n ? "vote" : "votes"}`;
  return "less than 1 vote";
}

/**
 * A parameter's value in words: "2 %", "3 days", "1.50 TUSD".
 * @param value decimal digits, an address or a digest
 * @param currency what stakes are held and fees are counted in
 */
export function formatParameter(unit: ParameterUnit, value: string, currency: Currency): string {
  switch (unit) {
    case "address":
      return /^0x0{40}$/.test(value) ? "Nobody" : value;
    case "digest":
      return /^0x0{64}$/.test(value) ? "None" : shorten(value);
    case "basis points":
      return `${percentOf(BigInt(value))} %`;
    case "percent":
      return `${WHOLE.format(BigInt(value))} %`;
    case "seconds":
      return formatDuration(Number(value));
    case "smallest unit of the stake token":
    case "smallest unit of the reference stablecoin":
      return formatMoney(BigInt(value), currency);
  }
}

/** Between which values a parameter may be: "from 0 % to 10 %"; that any is taken, where there are no bounds. */
export function boundsWords(
  { unit, bounds }: { unit: ParameterUnit; bounds: { least: string; most: string } | null },
  currency: Currency,
): string {
  if (!bounds) return "any";
  const words = (value: string) => formatParameter(unit, value, currency);
  return `from ${words(bounds.least)} to ${words(bounds.most)}`;
}

/** What a person types a value of this unit in. */
export function inputUnit(unit: ParameterUnit, currency: Currency): string {
  const words: Record<ParameterUnit, string> = {
    "basis points": "in percent",
    percent: "in percent",
    seconds: "in seconds, or like “2 days”",
    "smallest unit of the stake token": `in ${currency.symbol}`,
    "smallest unit of the reference stablecoin": `in ${currency.symbol}`,
    address: "as an address",
    digest: "as a digest",
  };
  return words[unit];
}

/** Reads a value as people type it; null when it is none. @returns decimal digits, an address or a digest */
export function parseParameter(unit: ParameterUnit, text: string, currency: Currency): string | null {
  const typed = text.trim();
  switch (unit) {
    case "address":
      return /^0x[0-9a-fA-F]{40}$/.test(typed) ? typed : null;
    case "digest":
      return /^0x[0-9a-fA-F]{64}$/.test(typed) ? typed : null;
    case "seconds":
      return parseDuration(typed);
    case "basis points":
      return parseWith(2, typed);
    case "percent":
      return parseWith(0, typed);
    case "smallest unit of the stake token":
    case "smallest unit of the reference stablecoin":
      return parseWith(currency.decimals, typed);
  }
}

function parseWith(decimals: number, text: string): string | null {
  return parseMoney(text, { symbol: "", decimals })?.toString() ?? null;
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
