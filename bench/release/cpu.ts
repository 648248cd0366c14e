import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Milliseconds of a clock tick, in which Linux counts. */
const TICK = 1000 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Milliseconds of processor time that a process with all its threads has used, after Linux's `proc(5)`. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second member is the program's name in brackets, which may hold anything.
  const [, , ...members] = stat.slice(stat.lastIndexOf(")")).split(" ");
  const [user, system] = members.slice(10, 12).map(Number) as [number, number];
  return (user + system) * TICK;
}

/** The same of this process. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
