import { RECORD } from "../lab/probe.ts";
import type { Lab, Suite, TestOutcome } from "../lab/runner.ts";
import type { Mutant } from "./mutation.ts";

/** What became of a mutant. */
export interface Verdict {
  mutant: Mutant;
  /** the test that noticed it; undefined for a survivor */
  killer?: string;
  /** whether any test ran its code */
  reached: boolean;
}

const INVARIANTS = "^invariant_";
const FAST = { fuzzRuns: 16, invariantRuns: 1, invariantDepth: 1, except: INVARIANTS } as const;
const INVARIANT = { fuzzRuns: 16, invariantRuns: 8, invariantDepth: 64, only: INVARIANTS } as const;

/** What a run of every suite tells with no mutant acting. */
export interface Reach {
  /** suites that pass the code of each mutant, by its id */
  suites: Map<number, Suite[]>;
  /** tests that fail though no mutant acts: mutants cannot be told from that, so their word does not count */
  failing: Map<string, string>;
}

/** Runs every suite once with no mutant acting. */
export async function findReach(lab: Lab): Promise<Reach> {
  const reach: Reach = { suites: new Map(), failing: new Map() };
  for (const suite of lab.suites) {
    const ids = new Set<number>();
    const onHits = (hits: number[]): void => hits.forEach((id) => ids.add(id));
    for (const options of [FAST, INVARIANT]) {
      const failures = failuresOf(await lab.run([suite], { ...options, chosen: RECORD, onHits }));
      for (const failure of failures) reach.failing.set(nameOf(failure), failure.reason ?? "failed");
    }
    for (const id of ids) reach.suites.set(id, [...(reach.suites.get(id) ?? []), suite]);
  }
  return reach;
}

/** Lets the suites that reach a mutant look for it: the plain and fuzzed tests, then the invariants. */
export async function hunt(lab: Lab, mutant: Mutant, reach: Reach): Promise<Verdict> {
  const suites = reach.suites.get(mutant.id) ?? [];
  if (suites.length === 0) return { mutant, reached: false };
  for (const options of [FAST, INVARIANT]) {
    const outcomes = await lab.run(suites, { ...options, chosen: BigInt(mutant.id) });
    const killer = failuresOf(outcomes)
      .map(nameOf)
      .find((name) => !reach.failing.has(name));
    if (killer) return { mutant, reached: true, killer };
  }
  return { mutant, reached: true };
}

function failuresOf(outcomes: readonly TestOutcome[]): TestOutcome[] {
  return outcomes.filter(({ failed }) => failed);
}

function nameOf({ suite, test }: TestOutcome): string {
  return `${suite.name}.${test}`;
}
