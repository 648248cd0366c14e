import * as v from "valibot";
import {
  columnsOfFilter,
  epsilonSchema,
  filterSchema,
  finite,
  numericColumnSchema,
  type Epsilon,
} from "../job/schemas.ts";
import { divide } from "../random/rational.ts";
import { discreteLaplace } from "../random/samplers.ts";
import { numericColumn } from "../tables/columns.ts";
import { describeNoise, epsilonOf, type Analysis, type NoiseDescription } from "./analysis.ts";
import { matches } from "./filter.ts";

const schema = v.strictObject({
  column: numericColumnSchema,
  edges: v.pipe(
    v.array(finite),
    v.minLength(3, "must hold at least 3 edges (2 bins)"),
    v.maxLength(51, "must hold at most 51 edges (50 bins)"),
    v.check(
      (edges) => edges.every((edge, i) => i === 0 || edge > edges[i - 1]!),
      "must rise from edge to edge",
    ),
  ),
  filter: filterSchema,
  epsilon: epsilonSchema,
});
export type HistogramParameters = v.InferOutput<typeof schema>;

export interface HistogramDraft {
  readonly kind: "histogram";
  readonly column: string;
  readonly title: string;
  readonly unit: string;
  readonly edges: readonly number[];
  readonly cells: readonly number[];
  readonly under: number;
  readonly over: number;
  readonly epsilon: Epsilon;
  readonly noise: NoiseDescription;
}

/**
 * Subjects per bin of a numeric column, by their latest value. Bins are [edge, next edge), the last one closed; what
 * lies outside is counted below or above, a subject without a value nowhere. A subject adds 1 to at most one of these
 * disjoint cells, so noise of scale 1 ÷ ε on each gives ε for all of them together.
 */
export const histogram: Analysis<HistogramParameters, HistogramDraft> = {
  name: "histogram",
  version: 1,
  title: "Distribution of a measurement",
  schema,
  columns: ({ column, filter }) => [{ kind: "number", name: column }, ...columnsOfFilter(filter)],
  epsilon: ({ epsilon }) => epsilon,
  fittedParameters: () => 0,
  run(rows, { column, edges, filter, epsilon }, { random }) {
    const scale = divide({ numerator: 1n, denominator: 1n }, epsilonOf(epsilon));
    const counts = Array.from({ length: edges.length + 1 }, () => 0n); // below, the bins, above
    for (const row of rows) {
      const value = row.values[column];
      if (typeof value === "number" && matches(row, filter)) counts[cellOf(value, edges)]! += 1n;
    }
    const noised = counts.map((each) => Number(each + discreteLaplace(scale, random)));
    const { title, unit } = numericColumn(column);
    return {
      kind: "histogram",
      column,
      title,
      unit,
      edges,
      cells: noised.slice(1, -1),
      under: noised[0]!,
      over: noised.at(-1)!,
      epsilon,
      noise: describeNoise(scale),
    };
  },
};

/** 0 for below the first edge, i for bin i − 1, edges.length for above the last edge. */
function cellOf(value: number, edges: readonly number[]): number {
  const last = edges.length - 1;
  if (value === edges[last]) return last;
  return edges.filter((edge) => edge <= value).length;
}
