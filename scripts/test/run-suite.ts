import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processesWith } from "../stack/orphans.ts";
import { sendSignal, TEST_MARK } from "../stack/service.ts";
import { type Ending, judge, parseHardhatSummary, type SuiteResult } from "./result.ts";
import type { Suite } from "./suites.ts";

/** How a suite is run. */
export interface Running {
  /** Receives what it prints, as it comes. */
  show: (chunk: string | Buffer) => void;
  /** Whether all others go before it wherever a processor is wanted. */
  patient?: boolean;
  /** Ends the suite and all that it started. */
  signal: AbortSignal;
}

/** Runs a suite in a process group of its own. */
export async function runSuite(root: string, suite: Suite, running: Running): Promise<SuiteResult> {
  const reportPath = join(root, ".cache", `report-${suite.name}.json`);
  rmSync(reportPath, { force: true });
  const reporters = ["--reporter", "default", "--reporter", join(import.meta.dirname, "vitest-reporter.ts")];
  const args = suite.report === "vitest" ? [...suite.args, ...reporters] : suite.args;
  const mark = `${process.pid}-${suite.name}`;
  // By the program `nice`: a priority that is set later misses the threads that already run.
  const [command, ...first] = running.patient ? ["nice", "-n", "19", process.execPath] : [process.execPath];
  const child = spawn(command!, [...first, ...args], {
    cwd: root,
    env: {
      ...suite.env,
      ...process.env,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      SALUS_TEST_REPORT: reportPath,
      [TEST_MARK]: mark,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const show = (chunk: Buffer): void => {
    running.show(chunk);
    output += chunk.toString();
  };
  if (running.patient) setBehind(child.pid, running.show);
  child.stdout.on("data", show);
  child.stderr.on("data", show);
  const ending = await ended(child, suite.limitMinutes * 60_000, running.signal);
  endLeftovers(mark, running.show);
  return judge(suite.name, readReport(suite, output, reportPath, ending), ending);
}

/**
 * Where Linux shares processors between sessions first, `nice` only orders what is within one: a suite is a session of its own,
 * whose place among the others this file tells.
 */
function setBehind(session: number | undefined, show: Running["show"]): void {
  const path = `/proc/${session}/autogroup`;
  if (!existsSync(path)) return;
  try {
    writeFileSync(path, "19");
  } catch (error) {
    // It then takes its share of the processors: slower for all, wrong for none.
    show(`${path} could not be written (${String(error)})\n`);
  }
}

/** What a suite started in groups of their own and did not stop, as when it was ended in the middle of a stack's run. */
function endLeftovers(mark: string, show: Running["show"]): void {
  const left = processesWith(TEST_MARK, mark);
  if (left.length > 0) show(`${left.length} processes that the suite left running were ended\n`);
  for (const { pid } of left) sendSignal(pid, "SIGKILL");
}

function readReport(
  suite: Suite,
  output: string,
  reportPath: string,
  ending: Ending,
): SuiteResult | undefined {
  if (suite.report === "hardhat") return parseHardhatSummary(output);
  if (suite.report === "vitest") {
    return existsSync(reportPath) ? (JSON.parse(readFileSync(reportPath, "utf8")) as SuiteResult) : undefined;
  }
  const passed = ending.code === 0 ? 1 : 0;
  return { passed, failed: 1 - passed, failures: passed ? [] : [suite.name], skipped: [] };
}

function ended(child: ReturnType<typeof spawn>, limitMs: number, signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const sendToGroup = (name: NodeJS.Signals): void => void (child.pid && sendSignal(-child.pid, name));
    // Asked first, so that a test run can stop the stack it started; what is left is killed.
    const end = (): void => {
      sendToGroup("SIGTERM");
      setTimeout(() => sendToGroup("SIGKILL"), 15_000).unref();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, limitMs);
    signal.addEventListener("abort", end, { once: true });
    child.once("error", reject);
    child.once("exit", (code, exitSignal) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      sendToGroup("SIGKILL");
      // A grandchild outside of the group may hold the pipe open; what was printed by now is all that counts.
      setTimeout(() => resolve({ code, signal: exitSignal, timedOut }), 200);
    });
  });
}
