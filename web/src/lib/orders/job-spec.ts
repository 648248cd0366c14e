import { epsilonCost } from "@salus/compute/job/epsilon-cost";
import { DEFAULT_EPSILON } from "@salus/compute/job/schemas";
import type { JobSpec } from "@salus/compute/job/spec";
import { TABLES } from "@salus/compute/tables/columns";
import type { AnalysisChoice } from "#lib/flows/order/analysis.ts";
import { USUAL_RANGE } from "#lib/terms/ranges.ts";

/** L2 penalty per row of training: strong enough that the noise on 100 records does not drown the weights. */
const REGULARISATION = { numerator: 1, denominator: 10 };
/** Edges are sums of decimals; more digits than this are errors of binary fractions. */
const DIGITS = 12;

type HistogramParameters = Extract<JobSpec, { analysis: "histogram" }>["parameters"];

/** The job of an analysis as it is committed to and handed over; null for a download, which runs nothing. */
export function jobSpecOf(choice: AnalysisChoice): JobSpec | null {
  const common = { version: 1, tables: TABLES } as const;
  const epsilon = DEFAULT_EPSILON;
  switch (choice.kind) {
    case "count":
      return { analysis: "count", ...common, parameters: { filter: filterOf(choice.only), epsilon } };
    case "histogram": {
      const { column, only } = choice;
      const parameters: HistogramParameters = {
        column,
        edges: edgesOf(choice),
        filter: filterOf(only),
        epsilon,
      };
      return { analysis: "histogram", ...common, parameters };
    }
    case "logistic": {
      const features = choice.features.map((column) => {
        const [lower, upper] = USUAL_RANGE[column];
        return { column, lower, upper };
      });
      const label = { kind: "condition", system: "icd-10-cm", code: choice.outcome } as const;
      const parameters = { features, label, filter: [], regularisation: REGULARISATION, epsilon };
      return { analysis: "logistic-regression", ...common, parameters };
    }
    case "download":
      return null;
  }
}

/** What a job may cost at most of the population's privacy budget, in 10⁻⁹ zCDP rho. */
export function privacyCapOf(spec: JobSpec | null): bigint {
  return spec === null ? 0n : epsilonCost(spec.parameters.epsilon);
}

function filterOf(only: string): HistogramParameters["filter"] {
  return only === "" ? [] : [{ kind: "condition", system: "icd-10-cm", code: only }];
}

function edgesOf({ from, to, bins }: { from: number; to: number; bins: number }): number[] {
  return Array.from({ length: bins + 1 }, (_, index) => {
    const edge = from + ((to - from) * index) / bins;
    return Number(edge.toPrecision(DIGITS));
  });
}
