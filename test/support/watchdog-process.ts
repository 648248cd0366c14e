// Ends what a test has started when the test ends without doing so: its standard input closes then, however it ended.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isAlive, processIdentity, type ProcessIdentity } from "../../scripts/bootstrap/process.mjs";
import { sendSignal, waitForEnd } from "../../scripts/stack/service.ts";
import type { WatchdogLine } from "./watchdog.ts";

const processes: ProcessIdentity[] = [];
const clusters: string[] = [];
const folders: string[] = [];
// A Ctrl-C in a terminal reaches everybody; here there is still work to do.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line) as WatchdogLine;
  if ("process" in told) processes.push(told.process);
  else if ("postgres" in told) clusters.push(told.postgres);
  else if ("folder" in told) folders.push(told.folder);
  else process.exit(0);
}
await Promise.all([
  ...processes.map((identity) => end(identity, "SIGTERM", 2_000)),
  // PostgreSQL is asked for a fast shutdown, which takes its own children along.
  ...clusters.flatMap(postmasterOf).map((identity) => end(identity, "SIGINT", 5_000)),
]);
for (const folder of folders) rmSync(folder, { recursive: true, force: true });

async function end(identity: ProcessIdentity, signal: NodeJS.Signals, patience: number): Promise<void> {
  if (!isAlive(identity)) return;
  sendSignal(identity.pid, signal);
  if (await waitForEnd(identity, patience)) return;
  if (isAlive(identity)) sendSignal(identity.pid, "SIGKILL");
  await waitForEnd(identity, patience);
}

/** The first line of a cluster's pid file is its postmaster. */
function postmasterOf(folder: string): ProcessIdentity[] {
  try {
    const pid = Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
    const identity = processIdentity(pid);
    return identity ? [identity] : [];
  } catch {
    return []; // it does not run
  }
}
