/** What a test started ends with it, also when the test is killed before it can end anything itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { isAlive, processIdentity, type ProcessIdentity } from "../../scripts/bootstrap/process.mjs";
import { until } from "../support/gateway-network.ts";

let interrupted: ChildProcess | undefined;
afterEach(() => void interrupted?.kill("SIGKILL"));

test.each(["SIGKILL", "SIGINT"] as const)(
  "%s of a test takes its database, its children and its folder along",
  async (signal) => {
    interrupted = spawn(
      process.execPath,
      [join(import.meta.dirname, "../support/interrupted.fixture.ts"), "23290"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const started = await new Promise<{ pids: number[]; folder: string }>((resolve) =>
      createInterface({ input: interrupted!.stdout! }).once("line", (line) =>
        resolve(JSON.parse(line) as never),
      ),
    );
    const identities = started.pids.map((pid) => processIdentity(pid)!);
    expect(identities.every(isAlive)).toBe(true);
    expect(identities).toHaveLength(2);
    interrupted.kill(signal);
    const gone = (identity: ProcessIdentity) => !isAlive(identity);
    await until(async () => identities.every(gone) && !existsSync(started.folder), 30);
  },
);
