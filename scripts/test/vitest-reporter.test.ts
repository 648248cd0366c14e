import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SuiteResult } from "./result.ts";

const ROOT = join(import.meta.dirname, "..", "..");
let folder: string;
// Inside the project, where Vitest can be found from.
beforeEach(() => {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".cache", "reporter-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("counts passed, failed and skipped tests, and a file that does not load", () => {
  writeFileSync(
    join(folder, "a.test.ts"),
    `import { expect, it } from "vitest";
     it("passes", () => {});
     it("passes too", () => {});
     it("fails", () => { expect(1).toBe(2); });
     it("waits for data", (test) => test.skip("shared data is absent"));
     it.skip("later", () => {});`,
  );
  writeFileSync(join(folder, "b.test.ts"), `throw new Error("cannot load");`);
  writeFileSync(join(folder, "vitest.config.ts"), "export default {};");
  const report = join(folder, "report.json");
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const run = spawnSync(
    process.execPath,
    [vitest, "run", "--root", folder, "--reporter", join(import.meta.dirname, "vitest-reporter.ts")],
    { env: { PATH: process.env["PATH"], HOME: folder, SALUS_TEST_REPORT: report }, encoding: "utf8" },
  );
  expect(run.status).toBe(1);
  const counts = JSON.parse(readFileSync(report, "utf8")) as SuiteResult;
  expect(counts).toMatchObject({ passed: 2, failed: 2 });
  expect(counts.failures.join()).toMatch(/a\.test\.ts > fails/);
  expect(counts.failures.join()).toMatch(/b\.test\.ts: cannot load/);
  expect(counts.skipped).toEqual([
    { name: expect.stringContaining("waits for data"), reason: "shared data is absent" },
    { name: expect.stringContaining("later") },
  ]);
});
