import * as v from "valibot";
import { columnsOfFilter, epsilonSchema, filterSchema, type Epsilon } from "../job/schemas.ts";
import { divide } from "../random/rational.ts";
import { discreteLaplace } from "../random/samplers.ts";
import { describeNoise, epsilonOf, type Analysis, type NoiseDescription } from "./analysis.ts";
import { matches } from "./filter.ts";

const schema = v.strictObject({ filter: filterSchema, epsilon: epsilonSchema });
export type CountParameters = v.InferOutput<typeof schema>;

export interface CountDraft {
  readonly kind: "count";
  readonly value: number;
  readonly epsilon: Epsilon;
  readonly noise: NoiseDescription;
}

/** How many subjects match a filter, with discrete Laplace noise of scale 1 ÷ ε: a subject adds at most 1. */
export const count: Analysis<CountParameters, CountDraft> = {
  name: "count",
  version: 1,
  title: "Number of people who match",
  schema,
  columns: ({ filter }) => columnsOfFilter(filter),
  epsilon: ({ epsilon }) => epsilon,
  fittedParameters: () => 0,
  run(rows, { filter, epsilon }, { random }) {
    const scale = divide({ numerator: 1n, denominator: 1n }, epsilonOf(epsilon));
    const exact = BigInt(rows.filter((row) => matches(row, filter)).length);
    const value = Number(exact + discreteLaplace(scale, random));
    return { kind: "count", value, epsilon, noise: describeNoise(scale) };
  },
};
