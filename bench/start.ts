import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isAlive } from "../scripts/bootstrap/process.mjs";
import { sendSignal } from "../scripts/stack/service.ts";
import { readState } from "../scripts/stack/state.ts";
import type { StackStatus } from "../scripts/stack/status.ts";
import { atMost, type BenchRow } from "./row.ts";

const ROOT = join(import.meta.dirname, "..");
const READY_WITHIN_MS = 20 * 60_000;

/**
 * How long `npm start` takes in a fresh clone of the last commit with an empty HOME, and a second time. Each time the
 * stack must call itself ready by `npm run status`, and Ctrl-C must leave nothing running.
 */
export async function rows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "salus-bench-start-"));
  try {
    const clone = join(folder, "clone");
    execFileSync("git", ["clone", "--quiet", ROOT, clone]);
    mkdirSync(join(folder, "home"));
    const env = machineEnvironment(join(folder, "home"));
    const first = await startAndStop(clone, env);
    const second = await startAndStop(clone, env);
    return [
      atMost("start.first", "npm start in a bare clone, until ready", first, "s", 240),
      atMost("start.second", "npm start again, until ready", second, "s", 20),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The machine's own Node and npm, without what this run's set-up put before them; npm keeps its settings (a registry, a
 * proxy), though HOME is empty.
 */
function machineEnvironment(home: string): NodeJS.ProcessEnv {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => !entry.startsWith(ROOT));
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|SALUS_|NODE_)/.test(name));
  const npmSettings = { npm_config_userconfig: join(homedir(), ".npmrc") };
  return { ...npmSettings, ...Object.fromEntries(kept), PATH: path.join(delimiter), HOME: home };
}

/** Seconds until the line `ready`. */
async function startAndStop(clone: string, env: NodeJS.ProcessEnv): Promise<number> {
  const begin = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: clone,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const toGroup = (signal: NodeJS.Signals): boolean => sendSignal(-(child.pid as number), signal);
  const atExit = (): void => void toGroup("SIGTERM");
  process.once("exit", atExit);
  const timer = setTimeout(() => toGroup("SIGTERM"), READY_WITHIN_MS);
  let output = "";
  const ready = new Promise<number>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk;
      if (/^ready$/m.test(output)) resolve((performance.now() - begin) / 1000);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void exited.then(() => reject(new Error(`npm start ended before it was ready:\n${output.slice(-2000)}`)));
  });
  const seconds = await ready.finally(() => clearTimeout(timer));
  const children = Object.values(readState(join(clone, ".salus"))?.children ?? {});
  try {
    checkStatus(clone, env);
  } finally {
    process.off("exit", atExit);
    toGroup("SIGINT");
    await exited;
  }
  const left = children.filter(isAlive);
  if (left.length > 0) throw new Error(`Ctrl-C left ${left.length} processes running.`);
  return seconds;
}

function checkStatus(clone: string, env: NodeJS.ProcessEnv): void {
  const output = execFileSync("npm", ["run", "--silent", "status", "--", "--json"], { cwd: clone, env });
  const status = JSON.parse(output.toString()) as StackStatus;
  if (!status.ready || status.gateways.length !== 3)
    throw new Error(`npm run status says: ${output.toString()}`);
}
