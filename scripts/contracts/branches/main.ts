// Runs the contracts' tests on a copy in which each condition reports its outcomes; fails below the bar.
import { parseArgs } from "node:util";
import { oneLine } from "../../bootstrap/say.mjs";
import { loadProject } from "../lab/project.ts";
import { type BranchCoverage, measureBranches, summarize } from "./measure.ts";

const BAR_PERCENT = 95;
const HELP = `node scripts/contracts/branches/main.ts [--json]
Branch coverage of the contracts; the exit code is 1 below ${BAR_PERCENT} %. Branches: both outcomes of each condition
and of each operand of && and ||, no round and a round of each loop, each clause of try.
`;

function percent(taken: number, all: number): number {
  return all === 0 ? 100 : (100 * taken) / all;
}

function report(coverage: BranchCoverage, value: number): string {
  const width = Math.max(...coverage.branches.map(({ file }) => file.length));
  const lines = summarize(coverage).map(
    ({ file, taken, all }) =>
      `${file.padEnd(width)}  ${String(taken).padStart(4)} of ${String(all).padStart(4)}  ${percent(taken, all).toFixed(1)} %`,
  );
  const missing = coverage.branches
    .filter(({ hit }) => !hit)
    .map(({ file, line, where, text, outcome }) => `  ${file}:${line} ${where}: ${text} → ${outcome}`);
  if (missing.length > 0) lines.push("Not taken:", ...missing);
  if (coverage.unmeasured.length > 0)
    lines.push(`In assembly, not measured: ${coverage.unmeasured.join(", ")}`);
  if (coverage.failures.length > 0)
    lines.push("Failed on the copy:", ...coverage.failures.map((name) => `  ${name}`));
  return [...lines, `Branch coverage ${value.toFixed(2)} %, bar ${BAR_PERCENT} %`].join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      controller.abort();
      process.exit(130);
    });
  }
  const coverage = await measureBranches(await loadProject(), controller.signal);
  const taken = coverage.branches.filter(({ hit }) => hit).length;
  const value = percent(taken, coverage.branches.length);
  const ok = value >= BAR_PERCENT && coverage.failures.length === 0;
  if (values.json) {
    const rows = summarize(coverage);
    const missing = coverage.branches.filter(({ hit }) => !hit);
    const { unmeasured, failures } = coverage;
    process.stdout.write(
      `${JSON.stringify({ percent: value, bar: BAR_PERCENT, ok, rows, missing, unmeasured, failures })}\n`,
    );
  } else process.stdout.write(`${report(coverage, value)}\n`);
  return ok ? 0 : 1;
}

main()
  .catch((error) => {
    process.stderr.write(`${oneLine(error)}\n`);
    return 1;
  })
  .then((code) => process.exit(code));
