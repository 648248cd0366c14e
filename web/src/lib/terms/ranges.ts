import type { NumericColumnName } from "@salus/compute/tables/columns";

/**
 * Between which values a column of adults mostly lies: what the order form proposes, and where a model's features are
 * clipped. Round numbers around the usual clinical ranges; the bounds of the columns' catalogue are far wider.
 */
export const USUAL_RANGE: Record<NumericColumnName, readonly [from: number, to: number]> = {
  "birth-year": [1930, 2010],
  female: [0, 1],
  hba1c: [4, 14],
  glucose: [60, 300],
  "systolic-blood-pressure": [90, 190],
  "diastolic-blood-pressure": [50, 120],
  "body-mass-index": [15, 50],
  "body-weight": [40, 160],
  haemoglobin: [6, 18],
  "total-cholesterol": [100, 320],
  creatinine: [0.4, 5],
};
