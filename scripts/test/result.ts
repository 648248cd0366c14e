/** What one suite came to. */
export interface SuiteResult {
  passed: number;
  failed: number;
  /** Names of failed tests, where the report gives them. */
  failures: string[];
  /** Skipped tests, each with its reason where it gave one. */
  skipped: { name: string; reason?: string }[];
}

/** How the process of a suite ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
}

/**
 * The counts of a suite, made honest: a suite that ran no test, left no report, or ended badly without a failed test to
 * show for it counts as one failure that says so.
 * @param report what its own report said; undefined when there is none
 */
export function judge(name: string, report: SuiteResult | undefined, ending: Ending): SuiteResult {
  const result = report ?? { passed: 0, failed: 0, failures: [], skipped: [] };
  const fault = faultOf(report, ending);
  if (!fault) return result;
  return { ...result, failed: result.failed + 1, failures: [...result.failures, `${name}: ${fault}`] };
}

function faultOf(report: SuiteResult | undefined, ending: Ending): string | undefined {
  if (ending.timedOut) return "took longer than its limit and was ended";
  if (ending.signal) return `was ended by ${ending.signal}`;
  if (!report) return `left no report (exit code ${ending.code})`;
  if (ending.code !== 0 && report.failed === 0)
    return `ended with exit code ${ending.code} though no test failed`;
  if (report.passed + report.failed === 0) return "ran no test";
  return undefined;
}

/**
 * Counts from the summary that `hardhat test solidity` prints last: `12 passing`, `1 failing`, `2 skipped`, each on a
 * line of its own. Undefined when there is none, as after a compiler error.
 */
export function parseHardhatSummary(output: string): SuiteResult | undefined {
  const lines = stripColours(output).split("\n");
  const count = (word: string): number | undefined => {
    const matches = lines.flatMap(
      (line) => new RegExp(`^ {2}(\\d+) ${word}(?: \\(.*\\))?$`).exec(line)?.[1] ?? [],
    );
    return matches.length === 0 ? undefined : Number(matches.at(-1));
  };
  const passed = count("passing");
  if (passed === undefined) return undefined;
  const skipped = lines.flatMap((line) => /^ {4}- (\w+\(.*\))$/.exec(line)?.[1] ?? []);
  const failures = lines.flatMap((line) => /^ {2}\d+\) (\S+#\S+)$/.exec(line)?.[1] ?? []);
  return { passed, failed: count("failing") ?? 0, failures, skipped: skipped.map((name) => ({ name })) };
}

/** The very last line of `npm test`. */
export function summaryLine(results: readonly SuiteResult[]): string {
  const sum = (key: "passed" | "failed"): number => results.reduce((total, result) => total + result[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed`;
}

function stripColours(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, "");
}
