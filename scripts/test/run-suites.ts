import { type SuiteResult, summaryLine } from "./result.ts";
import type { Running } from "./run-suite.ts";
import type { Suite } from "./suites.ts";

/** What running suites needs. */
export interface Runner {
  run: (suite: Suite, running: Running) => Promise<SuiteResult>;
  /** Shows a line, or what a suite printed. */
  print: (text: string) => void;
  /** Ends what runs; nothing begins after it. */
  signal: AbortSignal;
}

/**
 * Runs suites in lines, as `Suite.line` says. What other lines than the first print is held back and shown whole between two
 * suites of the first, so that no output is mixed into another's. Where none stands in the first line, all do, and none waits for
 * what others leave.
 * @returns results in the order of the suites; those that an abort kept from their end are left out
 */
export async function runSuites(list: readonly Suite[], runner: Runner): Promise<SuiteResult[]> {
  const results: (SuiteResult | undefined)[] = list.map(() => undefined);
  const lines = new Map<string, Promise<void>>();
  const held: string[] = [];
  const showHeld = (): void => held.splice(0).forEach(runner.print);
  const beginBeside = async (index: number, suite: Suite): Promise<void> => {
    let output = "";
    const show = (text: string): void => void (output += text);
    results[index] = await runOne(suite, place(index, list), { ...runner, print: show }, suite.patient);
    held.push(output);
  };
  const oneLine = list.every(({ line }) => line);
  for (const [index, suite] of list.entries()) {
    if (runner.signal.aborted) break;
    if (suite.line === undefined || oneLine) {
      results[index] = await runOne(suite, place(index, list), runner);
      showHeld();
    } else {
      runner.print(`\n${place(index, list)} ${suite.name} runs beside what follows\n`);
      const before = lines.get(suite.line) ?? Promise.resolve();
      const own = before.then(() => beginBeside(index, suite));
      own.catch(() => undefined); // thrown below, once all have come to rest
      lines.set(suite.line, own);
    }
  }
  const ends = await Promise.allSettled(lines.values());
  showHeld();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results.filter((result) => result !== undefined);
}

function place(index: number, list: readonly Suite[]): string {
  return `[${index + 1}/${list.length}]`;
}

/** Runs a suite with its name above and its counts below. @returns undefined when it was kept from its end */
async function runOne(
  suite: Suite,
  number: string,
  { run, print, signal }: Runner,
  patient = false,
): Promise<SuiteResult | undefined> {
  if (signal.aborted) return undefined;
  print(`\n${number} ${suite.name} ...\n`);
  const start = performance.now();
  const result = await run(suite, { show: (chunk) => print(chunk.toString()), patient, signal });
  if (signal.aborted) return undefined;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  print(`${number} ${suite.name}: ${summaryLine([result])}, ${seconds} s\n`);
  return result;
}
