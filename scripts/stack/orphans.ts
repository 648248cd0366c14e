import { readdirSync, readFileSync } from "node:fs";
import { isAlive, type ProcessIdentity, processIdentity } from "../bootstrap/process.mjs";
import { sendSignal, STACK_MARK, waitForEnd } from "./service.ts";

/**
 * Ends processes that a killed supervisor of this state folder left behind. Two proofs count: a recorded identity
 * (pid, start time and boot), or our mark with this very folder in the process's environment. Anything else stays.
 * @param children identities recorded in the state file
 * @param beforeKill called with the names of the recorded ones that still live, before anything is ended
 * @returns the names (or pids) of what was ended
 */
export async function endOrphans(
  stateDir: string,
  children: Record<string, ProcessIdentity>,
  beforeKill: (names: string[]) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const recorded = Object.entries(children).filter(([, identity]) => isAlive(identity));
  await beforeKill(recorded.map(([name]) => name));
  await Promise.all(recorded.map(([name, identity]) => endOrphan(name, identity)));
  const marked = markedProcesses(stateDir);
  await Promise.all(marked.map((identity) => endOrphan("", identity)));
  return [...recorded.map(([name]) => name), ...marked.map(({ pid }) => `process ${pid}`)];
}

/** PostgreSQL must be asked (SIGINT: fast shutdown) and gets time for it; every other part may be killed. */
async function endOrphan(name: string, identity: ProcessIdentity): Promise<void> {
  sendSignal(identity.pid, name === "postgres" ? "SIGINT" : "SIGTERM");
  if (await waitForEnd(identity, name === "postgres" ? 10_000 : 3000)) return;
  // The leader lives, so the group with its id is still its own.
  if (isAlive(identity)) sendSignal(name === "" ? identity.pid : -identity.pid, "SIGKILL");
  await waitForEnd(identity, 5000);
}

/** Live processes, ourselves left out, whose environment carries the mark of this state folder. */
export function markedProcesses(stateDir: string): ProcessIdentity[] {
  return processesWith(STACK_MARK, stateDir);
}

/** Live processes, ourselves left out, that were started with this variable in their environment. */
export function processesWith(name: string, value: string): ProcessIdentity[] {
  if (process.platform !== "linux") return [];
  const mark = `${name}=${value}`;
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  return pids.flatMap((pid) => {
    const identity = hasMark(pid, mark) ? processIdentity(Number(pid)) : undefined;
    return identity ? [identity] : [];
  });
}

function hasMark(pid: string, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
  } catch {
    // Ended meanwhile, or not ours to read: then it is not one of ours either.
    return false;
  }
}
