import { mkdtempSync, rmSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runSuite } from "./run-suite.ts";
import type { Suite } from "./suites.ts";

let root: string;
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), "salus-suite-"))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Says at which priority it runs, alone and as a session; it gives its caller ten seconds to set what is expected. */
const PRIORITIES = `
  const { existsSync, readFileSync } = require("node:fs");
  const [own, session] = process.argv.slice(1);
  const group = "/proc/self/autogroup";
  const now = () => existsSync(group) ? /nice (-?\\d+)/.exec(readFileSync(group, "utf8"))?.[1] : session;
  const end = Date.now() + 10_000;
  setInterval(() => {
    if (now() !== session && Date.now() < end) return;
    console.log("own", require("node:os").getPriority(), "session", now());
    process.exit();
  }, 50);`;

it.each([
  [true, 19, 19],
  [false, getPriority(), 0],
])("gives a suite whose patience is %s its place among the others", async (patient, own, session) => {
  const suite: Suite = {
    name: "priorities",
    args: ["-e", PRIORITIES, String(own), String(session)],
    report: "exit-code",
    limitMinutes: 1,
  };
  let output = "";
  const { signal } = new AbortController();
  const show = (chunk: string | Buffer): void => void (output += chunk.toString());
  expect(await runSuite(root, suite, { show, patient, signal })).toMatchObject({ passed: 1, failed: 0 });
  expect(output).toBe(`own ${own} session ${session}\n`);
});
