import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Identifies one process for its whole life: pid, start time and boot. A recycled pid has another start time, so a
 * recorded identity never matches a stranger. Without /proc (not Linux) only the pid is known.
 * @param {number} pid
 * @returns {{ pid: number, started: string } | undefined} undefined when no such process lives
 */
export function processIdentity(pid) {
  const info = processInfo(pid);
  if (info) return { pid, started: info.started };
  if (process.platform === "linux") return undefined;
  try {
    process.kill(pid, 0);
    return { pid, started: "unknown" };
  } catch (error) {
    return error.code === "EPERM" ? { pid, started: "unknown" } : undefined;
  }
}

/**
 * @param {number} pid
 * @returns {{ name: string, parent: number, started: string } | undefined} undefined when no such process lives, or there
 *   is no /proc to read it from
 */
export function processInfo(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in parentheses and may itself contain spaces and parentheses: cut after the last one.
    const end = stat.lastIndexOf(")");
    const [state, parent, ...rest] = stat.slice(end + 2).split(" ");
    if (state === "Z" || state === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const name = stat.slice(stat.indexOf("(") + 1, end);
    return { name, parent: Number(parent), started: `${boot}:${rest[17]}` };
  } catch {
    return undefined;
  }
}

/**
 * @param {{ pid: number, started: string }} identity
 * @returns {boolean} whether exactly this process is still alive
 */
export function isAlive(identity) {
  return processIdentity(identity.pid)?.started === identity.started;
}

/**
 * Runs a command to its end and keeps the last lines of its output for an error message.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, quiet?: boolean }} options
 * @returns {Promise<{ code: number, output: string }>} exit code (128 when a signal ended it) and the last 64 kB
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk) => {
      if (!options.quiet) process.stderr.write(chunk);
      output = (output + chunk).slice(-65_536);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const forward = (signal) => child.kill(signal);
    process.once("SIGINT", forward).once("SIGTERM", forward);
    const done = () => process.off("SIGINT", forward).off("SIGTERM", forward);
    child.on("error", (error) => {
      done();
      reject(error);
    });
    child.on("close", (code, signal) => {
      done();
      if (signal === "SIGINT" || signal === "SIGTERM") process.exit(130);
      resolve({ code: code ?? 128, output });
    });
  });
}
