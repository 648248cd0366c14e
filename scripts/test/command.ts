import { join } from "node:path";
import { oneLine } from "../bootstrap/say.mjs";
import { type SuiteResult, summaryLine } from "./result.ts";
import { runSuite } from "./run-suite.ts";
import { runSuites } from "./run-suites.ts";
import type { Suite } from "./suites.ts";

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "..", "..");

/**
 * Runs a command that runs suites: those that its words name, else all. The last line is
 * "N passed, N failed"; the process's exit code tells whether any failed.
 * @param usage what `--help` says above the list of suites
 */
export async function runCommand(usage: string, all: Suite[]): Promise<void> {
  process.exitCode = await run(usage, all).catch((error) => {
    process.stderr.write(`${oneLine(error)}\n`);
    return 1;
  });
}

function chosen(words: string[], all: Suite[]): Suite[] {
  const unknown = words.filter((word) => !all.some(({ name }) => name === word));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ");
    throw Object.assign(new Error(`There is no suite "${unknown[0]}".`), {
      code: "TEST_SUITE",
      hint: `One of: ${known}.`,
    });
  }
  return words.length === 0 ? all : all.filter(({ name }) => words.includes(name));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printDetails(results: SuiteResult[]): void {
  const skipped = results.flatMap((result) => result.skipped);
  if (skipped.length > 0) print(`\nSkipped (${skipped.length}):`);
  for (const { name, reason } of skipped) print(`  ${name}${reason ? `: ${reason}` : ""}`);
  const failures = results.flatMap((result) => result.failures);
  if (failures.length > 0) print("\nFailed:");
  for (const name of failures) print(`  ${name}`);
}

async function run(usage: string, all: Suite[]): Promise<number> {
  const words = process.argv.slice(2);
  if (words.includes("--help")) {
    process.stdout.write(`${usage}Runs every suite, or those named: ${all.map(({ name }) => name).join(", ")}.
The last line is "N passed, N failed"; the exit code is 1 when anything failed.
`);
    return 0;
  }
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => controller.abort());
  const list = chosen(words, all);
  const results = await runSuites(list, {
    print: (text) => void process.stdout.write(text),
    signal: controller.signal,
    run: (suite, running) => runSuite(ROOT, suite, running),
  });
  if (controller.signal.aborted) return 130;
  printDetails(results);
  print(`\n${summaryLine(results)}`);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}
