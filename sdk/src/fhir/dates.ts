import { SalusError } from "../errors.ts";
import type { JsonObject } from "./json.ts";

/** 45 CFR 164.514(b)(2)(i)(C): ages over 89 may only appear as one category, "90 or older". */
export const AGE_CAP = 90;

/** The years that a record may show. */
export interface YearRule {
  /** Birth year to show, or undefined when the source has none. */
  birthYear: number | undefined;
  /** True when the person counts as "90 or older" and the birth year is the cap's, not theirs. */
  capped: boolean;
}

/** The year of an ISO day. @throws SalusError SDK_FHIR_OPTIONS */
export function yearOfDay(asOf: string): number {
  const day = /^(\d{4})-\d{2}-\d{2}$/.exec(asOf);
  if (!day || Number.isNaN(Date.parse(asOf))) {
    throw new SalusError({
      code: "SDK_FHIR_OPTIONS",
      message: "`asOf` must be a day such as 2025-06-30.",
      hint: "Pass the day of the import: ages are capped as of that day.",
    });
  }
  return Number(day[1]);
}

/**
 * What to show of a person's birth: the year, and for a person who is or reaches 90 in the year `asOf` (or reached
 * it in the year of death) the year that makes them 90, whatever their true age. Counting in whole years errs on the
 * side of the cap.
 */
export function yearRule(patient: JsonObject, asOf: number): YearRule {
  const birth = yearOf(patient["birthDate"]);
  if (birth === undefined) return { birthYear: undefined, capped: false };
  const death = yearOf(patient["deceasedDateTime"]);
  const capYear = Math.min(asOf, death ?? asOf) - AGE_CAP;
  return birth <= capYear ? { birthYear: capYear, capped: true } : { birthYear: birth, capped: false };
}

/**
 * A FHIR date or dateTime reduced to its year, the only part of a date that 45 CFR 164.514(b)(2)(i)(C) leaves.
 * For a capped person no year before the shown birth year appears: it would tell an age above 90.
 */
export function yearOnly(date: string, rule: YearRule): string {
  const year = date.slice(0, 4);
  if (!rule.capped || rule.birthYear === undefined || Number(year) >= rule.birthYear) return year;
  return String(rule.birthYear).padStart(4, "0");
}

function yearOf(date: unknown): number | undefined {
  const year = typeof date === "string" ? /^\d{4}/.exec(date)?.[0] : undefined;
  return year === undefined ? undefined : Number(year);
}

/** Years in one unit of age (UCUM). */
const YEARS: Record<string, number> = {
  a: 1,
  mo: 1 / 12,
  wk: 7 / 365.25,
  d: 1 / 365.25,
  h: 1 / 8766,
  min: 1 / 525960,
};

/** True when a Quantity that states an age says more than 89 years. Without a known unit, years are assumed. */
export function isCappedAge(age: JsonObject): boolean {
  const value = age["value"];
  return typeof value === "number" && value * (YEARS[String(age["code"] ?? "a")] ?? 1) > AGE_CAP - 1;
}
