import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive, type ProcessIdentity, processIdentity } from "../bootstrap/process.mjs";
import { endOrphans } from "./orphans.ts";
import { STACK_MARK } from "./service.ts";

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "salus-orphans-"))));
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that would run for a minute; `ignoreTerm` makes it deaf to SIGTERM. */
async function sleeper(env: Record<string, string> = {}, ignoreTerm = false): Promise<ProcessIdentity> {
  const script = `${ignoreTerm ? "process.on('SIGTERM', () => {});" : ""}setTimeout(() => {}, 60000); console.log("up")`;
  const child = spawn(process.execPath, ["-e", script], {
    detached: true,
    env: { PATH: process.env["PATH"], ...env },
  });
  started.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return processIdentity(child.pid as number) as ProcessIdentity;
}

describe("endOrphans", () => {
  it("ends a recorded process, also one that ignores SIGTERM", async () => {
    const deaf = await sleeper({}, true);
    expect(await endOrphans(folder, { web: deaf })).toEqual(["web"]);
    expect(isAlive(deaf)).toBe(false);
  });

  it("leaves a stranger that has a recorded pid now", async () => {
    const stranger = await sleeper();
    expect(await endOrphans(folder, { web: { pid: stranger.pid, started: "another boot:1" } })).toEqual([]);
    expect(isAlive(stranger)).toBe(true);
  });

  it("ends a process that carries the mark of this folder though nothing recorded it", async () => {
    const unrecorded = await sleeper({ [STACK_MARK]: folder });
    expect(await endOrphans(folder, {})).toEqual([`process ${unrecorded.pid}`]);
    expect(isAlive(unrecorded)).toBe(false);
  });

  it("leaves a process that carries the mark of another folder", async () => {
    const other = await sleeper({ [STACK_MARK]: `${folder}-other` });
    expect(await endOrphans(folder, {})).toEqual([]);
    expect(isAlive(other)).toBe(true);
  });

  it("calls for rescue before anything is ended", async () => {
    const chain = await sleeper();
    let aliveAtRescue = false;
    await endOrphans(folder, { chain }, async (names) => {
      aliveAtRescue = names.includes("chain") && isAlive(chain);
    });
    expect(aliveAtRescue).toBe(true);
  });
});
