import { compile, mustCompile } from "../lab/compile.ts";
import { RECORD } from "../lab/probe.ts";
import type { Project } from "../lab/project.ts";
import { Lab } from "../lab/runner.ts";
import { type Branch, instrument } from "./instrument.ts";

export interface BranchCoverage {
  branches: (Branch & { hit: boolean })[];
  unmeasured: string[];
  /** tests that fail on the instrumented copy, which they must not */
  failures: string[];
}

/** Runs all tests on the instrumented copy of a project and tells which branches they took. */
export async function measureBranches(project: Project, signal?: AbortSignal): Promise<BranchCoverage> {
  const trees = mustCompile(await compile(project.input, "ast", { signal }));
  const { input, branches, unmeasured } = instrument(project, trees);
  const lab = new Lab(project, mustCompile(await compile(input, "code", { optimize: false, signal })));
  const hits = new Set<number>();
  const outcomes = await lab.run(lab.suites, {
    chosen: RECORD,
    fuzzRuns: 64,
    invariantRuns: 8,
    invariantDepth: 64,
    onHits: (ids) => ids.forEach((id) => hits.add(id)),
  });
  const failed = outcomes.filter((outcome) => outcome.failed);
  return {
    branches: branches.map((branch) => ({ ...branch, hit: hits.has(branch.id) })),
    unmeasured,
    failures: failed.map(({ suite, test, reason }) => `${suite.name}.${test}: ${reason ?? "failed"}`),
  };
}

/** Branches taken and branches in all, for each file that has any. */
export function summarize({ branches }: BranchCoverage): { file: string; taken: number; all: number }[] {
  const files = [...new Set(branches.map(({ file }) => file))].sort();
  return files.map((file) => {
    const own = branches.filter((branch) => branch.file === file);
    return { file, taken: own.filter(({ hit }) => hit).length, all: own.length };
  });
}
