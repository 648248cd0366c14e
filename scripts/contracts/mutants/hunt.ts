import { RECORD } from "../lab/probe.ts";
import type { Lab, RunOptions, Suite, TestOutcome } from "../lab/runner.ts";
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

/** Suites that pass the code of each mutant, by its id. */
export type Reach = Map<number, Suite[]>;

/**
 * Runs every suite once with no mutant acting.
 * @throws if a test fails: mutants could not be told from it
 */
export async function findReach(lab: Lab): Promise<Reach> {
  const reach: Reach = new Map();
  for (const suite of lab.suites) {
    const ids = new Set<number>();
    const onHits = (hits: number[]): void => hits.forEach((id) => ids.add(id));
    for (const options of [FAST, INVARIANT]) {
      const [failure] = failuresOf(await lab.run([suite], { ...options, chosen: RECORD, onHits }));
      if (failure) throw new Error(`${nameOf(failure)} fails with no mutant acting: ${failure.reason}`);
    }
    for (const id of ids) reach.set(id, [...(reach.get(id) ?? []), suite]);
  }
  return reach;
}

/** Lets the suites that reach a mutant look for it: the plain and fuzzed tests, then the invariants. */
export async function hunt(lab: Lab, mutant: Mutant, reach: Reach): Promise<Verdict> {
  const suites = reach.get(mutant.id) ?? [];
  if (suites.length === 0) return { mutant, reached: false };
  const killer =
    (await noticed(lab, suites, mutant, FAST)) ?? (await noticed(lab, suites, mutant, INVARIANT));
  return { mutant, reached: true, killer };
}

async function noticed(
  lab: Lab,
  suites: readonly Suite[],
  { id }: Mutant,
  options: Omit<RunOptions, "chosen">,
): Promise<string | undefined> {
  const [failure] = failuresOf(await lab.run(suites, { ...options, chosen: BigInt(id) }));
  return failure && nameOf(failure);
}

function failuresOf(outcomes: readonly TestOutcome[]): TestOutcome[] {
  return outcomes.filter(({ failed }) => failed);
}

function nameOf({ suite, test }: TestOutcome): string {
  return `${suite.name}.${test}`;
}
