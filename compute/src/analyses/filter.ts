import type { FilterItem } from "../job/schemas.ts";
import { columnKey } from "../tables/columns.ts";
import type { SubjectRow } from "../tables/table.ts";

/** Whether a subject meets every item. Ages are those reached in the named year; what is unknown does not match. */
export function matches(row: SubjectRow, filter: readonly FilterItem[]): boolean {
  return filter.every((item) => matchesItem(row, item));
}

function matchesItem(row: SubjectRow, item: FilterItem): boolean {
  if (item.kind === "condition") return row.values[columnKey(item)] === true;
  if (item.kind === "sex") return row.values["sex"] === item.sex;
  const birthYear = row.values["birth-year"];
  if (typeof birthYear !== "number") return false;
  const age = item.inYear - birthYear;
  return age >= item.from && age <= item.to;
}
