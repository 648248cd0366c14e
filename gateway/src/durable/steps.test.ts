import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DURABLE_STEPS } from "./steps.ts";

const SOURCES = join(import.meta.dirname, "..");
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "salus-steps-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the steps one after the other and says so. */
function take(steps: readonly string[], crashFile?: string) {
  const tell = crashFile ? `crashAsTold(${JSON.stringify(crashFile)});` : "";
  const script = `const { crashAsTold, reached } = await import(${JSON.stringify(join(import.meta.dirname, "steps.ts"))});
    ${tell} for (const step of ${JSON.stringify(steps)}) { reached(step); console.log(step); }`;
  const { signal, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  return { signal, took: stdout.split("\n").filter(Boolean) };
}

it("a process ends at the step that its file names, at once and only once", () => {
  const file = join(folder, "crash");
  const steps = ["job.stored", "job.running", "job.result"];
  writeFileSync(file, "job.running\n");
  expect(take(steps, file)).toEqual({ signal: "SIGKILL", took: ["job.stored"] });
  expect(existsSync(file)).toBe(false);
  expect(take(steps, file)).toEqual({ signal: null, took: steps });
});

it("without such a file nothing ends a process", () => {
  const file = join(folder, "unheeded");
  writeFileSync(file, "job.running");
  expect(take(["job.running"])).toEqual({ signal: null, took: ["job.running"] });
});

it("every step of the list is taken somewhere in the sources", () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(SOURCES, name), "utf8"))
    .join("\n");
  const marked = (step: string) =>
    sources.includes(`reached("${step}")`) || new RegExp(`\\w+: "${step}"`).test(sources);
  expect(Object.keys(DURABLE_STEPS).filter((step) => !marked(step))).toEqual([]);
});
