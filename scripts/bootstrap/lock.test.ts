import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockHolder, tryLock, waitForLock } from "./lock.mjs";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "salus-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("tryLock", () => {
  it("is held by one at a time, and free again after release", () => {
    const first = tryLock(path, { place: "here" });
    expect(first.held).toBe(true);
    expect(tryLock(path)).toMatchObject({ held: false, holder: { pid: process.pid, place: "here" } });
    if (first.held) first.release();
    expect(existsSync(path)).toBe(false);
    expect(tryLock(path).held).toBe(true);
  });

  it("is taken over from a holder that is dead", () => {
    const program = `import(${JSON.stringify(new URL("lock.mjs", import.meta.url).href)}).then((m) => m.tryLock(${JSON.stringify(path)}))`;
    const { pid } = spawnSync(process.execPath, ["-e", program]);
    expect(existsSync(path)).toBe(true);
    expect(lockHolder(path)).toBeUndefined();
    expect(tryLock(path)).toMatchObject({ held: true });
    expect(lockHolder(path)?.pid).not.toBe(pid);
  });

  it("is taken over when another program has the holder's pid now", () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: "another boot:1" }));
    expect(tryLock(path).held).toBe(true);
  });

  it("is taken over from a file that nobody can have written whole", () => {
    writeFileSync(path, '{"pid":1');
    expect(tryLock(path).held).toBe(true);
  });
});

describe("waitForLock", () => {
  it("waits for the holder and tells once", async () => {
    const first = tryLock(path);
    const told: number[] = [];
    const second = waitForLock(path, (holder) => told.push(holder.pid));
    await new Promise((resolve) => setTimeout(resolve, 700));
    if (first.held) first.release();
    (await second)();
    expect(told).toEqual([process.pid]);
    expect(existsSync(path)).toBe(false);
  });
});
