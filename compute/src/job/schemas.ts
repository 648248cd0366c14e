/** Parts that the parameter schemas of several analyses share. */
import * as v from "valibot";
import { CONDITION_SYSTEMS, NUMERIC_COLUMN_NAMES, type ColumnRef } from "../tables/columns.ts";

const MAX_PART = 1_000_000;
const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PART));

/** A positive rational within [least, most], as two integers from 1 to 1,000,000. */
function rationalBetween(least: number, most: number) {
  return v.pipe(
    v.strictObject({ numerator: positiveInteger, denominator: positiveInteger }),
    v.check(
      ({ numerator, denominator }) => numerator >= least * denominator && numerator <= most * denominator,
      `must lie between ${least} and ${most}`,
    ),
  );
}

/** The privacy parameter ε of one run. */
export const epsilonSchema = rationalBetween(0.01, 10);
export type Epsilon = v.InferOutput<typeof epsilonSchema>;

/** The ε that clients propose when a person does not choose one. */
export const DEFAULT_EPSILON: Epsilon = { numerator: 1, denominator: 1 };

/** The L2 penalty per row of the cohort. */
export const regularisationSchema = rationalBetween(0.001, 10);

export const numericColumnSchema = v.picklist(NUMERIC_COLUMN_NAMES);
export const finite = v.pipe(v.number(), v.finite());

/** Members that name a condition: a code system and a code (ICD-10-CM: a prefix). */
export const conditionEntries = {
  system: v.picklist(Object.keys(CONDITION_SYSTEMS) as (keyof typeof CONDITION_SYSTEMS)[]),
  code: v.pipe(
    v.string(),
    v.regex(/^[A-Z0-9][A-Z0-9.]{0,16}[A-Z0-9]$/, "must be 2 to 18 capital letters, digits or inner dots"),
  ),
};

const year = v.pipe(v.number(), v.integer(), v.minValue(1900), v.maxValue(2200));
const age = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(150));

/** One typed condition on a subject; a filter is all of its conditions together. */
export const filterItemSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("condition"), ...conditionEntries }),
  v.strictObject({ kind: v.literal("sex"), sex: v.picklist(["female", "male", "other", "unknown"]) }),
  v.strictObject({ kind: v.literal("age"), from: age, to: age, inYear: year }),
]);
export type FilterItem = v.InferOutput<typeof filterItemSchema>;

export const filterSchema = v.pipe(v.array(filterItemSchema), v.maxLength(8));

/** The columns that a filter reads. */
export function columnsOfFilter(filter: readonly FilterItem[]): ColumnRef[] {
  return filter.map((item): ColumnRef => {
    if (item.kind === "condition") return { kind: "condition", system: item.system, code: item.code };
    return item.kind === "sex" ? { kind: "sex" } : { kind: "number", name: "birth-year" };
  });
}
