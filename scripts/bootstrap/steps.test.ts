import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isStepFresh, runStep, type Step } from "./steps.mjs";

let root: string;
const file = (name: string): string => join(root, name);
/** Appends a letter to out/log, so that the number of runs can be read from it. */
const append = (letter: string): string[] => [
  process.execPath,
  "-e",
  `const fs = require("fs"); fs.mkdirSync("out", { recursive: true }); fs.appendFileSync("out/log", ${JSON.stringify(letter)});`,
];
const step = (change: Partial<Step> = {}): Step => ({
  name: "make it",
  inputs: ["src"],
  outputs: ["out/log"],
  commands: [append("a"), append("b")],
  ...change,
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "salus-steps-"));
  mkdirSync(file("src/deep"), { recursive: true });
  writeFileSync(file("src/deep/one.txt"), "1");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("runStep", () => {
  it("runs its commands in order, once while nothing changes", async () => {
    expect(await runStep(root, {}, step())).toBe(true);
    expect(await runStep(root, {}, step())).toBe(false);
    expect(readFileSync(file("out/log"), "utf8")).toBe("ab");
  });

  it.each([
    ["an input's content", () => writeFileSync(file("src/deep/one.txt"), "2"), step()],
    ["the set of inputs", () => writeFileSync(file("src/two.txt"), ""), step()],
    ["a missing output", () => rmSync(file("out/log")), step()],
    ["its commands", () => undefined, step({ commands: [append("c")] })],
  ])("runs again after a change of %s", async (_what, change, next) => {
    await runStep(root, {}, step());
    change();
    expect(isStepFresh(root, {}, next)).toBe(false);
    expect(await runStep(root, {}, next)).toBe(true);
  });

  it("does not run again for a file in a folder of built things", async () => {
    await runStep(root, {}, step());
    mkdirSync(file("src/node_modules"));
    writeFileSync(file("src/node_modules/x"), "");
    expect(await runStep(root, {}, step())).toBe(false);
  });

  it("fails, and runs again next time, when a command fails", async () => {
    const failing = step({ commands: [append("a"), [process.execPath, "-e", "process.exit(3)"]] });
    await expect(runStep(root, {}, failing)).rejects.toMatchObject({ code: "SETUP_STEP" });
    expect(isStepFresh(root, {}, failing)).toBe(false);
  });

  it("does not pass when an input is missing", async () => {
    await expect(runStep(root, {}, step({ inputs: ["src", "lib"] }))).rejects.toThrowError(/lib is missing/);
    expect(existsSync(file("out"))).toBe(false);
  });

  it("does not pass when an output was not made", async () => {
    const silent = step({ commands: [[process.execPath, "-e", ""]] });
    await expect(runStep(root, {}, silent)).rejects.toMatchObject({ code: "SETUP_OUTPUT" });
  });
});
