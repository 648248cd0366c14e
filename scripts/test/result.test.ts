import { describe, expect, it } from "vitest";
import { type Ending, judge, parseHardhatSummary, summaryLine, type SuiteResult } from "./result.ts";

/** As Hardhat 3.18 prints it, colours included. */
const HARDHAT = `Compiling your Solidity contracts...

Running Solidity tests

  test/contracts/A.t.sol:ATest
    \u001b[32m✔\u001b[39m \u001b[90mtest_Adds()\u001b[39m
    \u001b[31m1) test_Subtracts()\u001b[39m
    \u001b[36m- test_Later()\u001b[39m
    \u001b[32m✔\u001b[39m \u001b[90mtestFuzz_Any(uint256)\u001b[39m\u001b[2m (runs: 256)\u001b[22m


  \u001b[32m2 passing\u001b[39m
  \u001b[31m1 failing\u001b[39m
  \u001b[36m1 skipped\u001b[39m

  1) ATest#test_Subtracts()
  \u001b[31mError: 2 passing\u001b[39m
`;
const OK: Ending = { code: 0, signal: null, timedOut: false };
const result = (passed: number, failed: number): SuiteResult => ({
  passed,
  failed,
  failures: [],
  skipped: [],
});

describe("parseHardhatSummary", () => {
  it("reads counts, names of failures and skipped tests", () => {
    expect(parseHardhatSummary(HARDHAT)).toEqual({
      passed: 2,
      failed: 1,
      failures: ["ATest#test_Subtracts()"],
      skipped: [{ name: "test_Later()" }],
    });
  });

  it("finds no report in the output of a compiler error", () => {
    expect(parseHardhatSummary("Error HHE902: Compilation failed\n")).toBeUndefined();
  });

  it("reads a run without failures", () => {
    expect(parseHardhatSummary("\n  15 passing\n")).toEqual(result(15, 0));
  });
});

describe("judge", () => {
  it("takes a good report as it is", () => {
    expect(judge("unit", result(3, 0), OK)).toEqual(result(3, 0));
    expect(judge("unit", result(3, 2), { ...OK, code: 1 })).toEqual(result(3, 2));
  });

  it.each<[string, SuiteResult | undefined, Ending]>([
    ["ran no test", result(0, 0), OK],
    ["left no report", undefined, { ...OK, code: 1 }],
    ["left no report", undefined, OK],
    ["though no test failed", result(3, 0), { ...OK, code: 1 }],
    ["ended by SIGKILL", result(3, 0), { ...OK, code: null, signal: "SIGKILL" }],
    ["longer than its limit", result(3, 0), { code: null, signal: "SIGTERM", timedOut: true }],
  ])("counts a suite that %s as one failure more, with its name", (fault, report, ending) => {
    const judged = judge("unit", report, ending);
    expect(judged.failed).toBe((report?.failed ?? 0) + 1);
    expect(judged.failures.join()).toContain("unit: ");
    expect(judged.failures.join()).toContain(fault);
  });
});

describe("summaryLine", () => {
  it("sums over all suites", () => {
    expect(summaryLine([result(3, 0), result(10, 2), result(0, 1)])).toBe("13 passed, 3 failed");
  });
});
