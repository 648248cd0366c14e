import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import type { SuiteResult } from "./result.ts";

/** Writes the counts of a Vitest run, with the reason of each skipped test, to the file named by SALUS_TEST_REPORT. */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message?: string }[]): void {
    const path = process.env["SALUS_TEST_REPORT"];
    if (path) writeFileSync(path, JSON.stringify(countTests(modules, errors)));
  }
}

/** A file or a describe block that failed outside of any test, and an error nobody caught, count as one failure each. */
export function countTests(
  modules: readonly TestModule[],
  errors: readonly { message?: string }[] = [],
): SuiteResult {
  const result: SuiteResult = { passed: 0, failed: 0, failures: [], skipped: [] };
  const fail = (name: string): void => {
    result.failed++;
    result.failures.push(name);
  };
  for (const module of modules) {
    if (module.errors().length > 0) fail(`${module.relativeModuleId}: ${module.errors()[0]?.message}`);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0)
        fail(`${module.relativeModuleId} > ${suite.fullName}: ${suite.errors()[0]?.message}`);
    }
    for (const test of module.children.allTests())
      countTest(result, fail, `${module.relativeModuleId} > ${test.fullName}`, test);
  }
  for (const error of errors) fail(`uncaught: ${error.message}`);
  return result;
}

function countTest(result: SuiteResult, fail: (name: string) => void, name: string, test: TestCase): void {
  const outcome = test.result();
  if (outcome.state === "passed") result.passed++;
  else if (outcome.state === "failed") fail(name);
  else result.skipped.push({ name, reason: outcome.state === "skipped" ? outcome.note : "did not finish" });
}
