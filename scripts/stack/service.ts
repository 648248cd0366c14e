import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity } from "../bootstrap/process.mjs";
import { StackError } from "./errors.ts";
import { lastLines } from "./files.ts";
import type { StateFile } from "./state.ts";
import { waitUntil } from "./wait.ts";

const MAX_LOG_BYTES = 10 * 1024 * 1024;
const SHOWN_LOG_LINES = 25;

/** Set in every child's environment, so that a later start can prove whose it was; see orphans.ts. */
export const STACK_MARK = "SALUS_STACK_DIR";

/** Set by `npm test` and passed on, so that it can end what a suite left running. */
export const TEST_MARK = "SALUS_TEST_RUN";

/** What the stack's parts share while it runs. */
export interface StackContext {
  root: string;
  stateDir: string;
  state: StateFile;
  ports: Record<string, number>;
  /** Aborted when the stack is asked to stop; every wait ends on it. */
  signal: AbortSignal;
  say: (line: string) => void;
}

export interface ServiceSpec {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** How it is asked to end; after `graceMs` its process group is killed. */
  stopSignal?: NodeJS.Signals;
  graceMs?: number;
  /** Answers true once the service can be used. */
  ready: () => Promise<boolean>;
  readyTimeoutMs?: number;
}

export interface Service {
  name: string;
  pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** True from the moment that its end was asked for. */
  stopping: () => boolean;
  stop: () => Promise<void>;
}

/**
 * Starts a child in a process group of its own, its output appended to `logs/<name>.log`, and waits until it is ready.
 * @throws STACK_CHILD when it ends before that, STACK_TIMEOUT when it takes too long (it is stopped then)
 */
export async function startService(context: StackContext, spec: ServiceSpec): Promise<Service> {
  const log = openLog(context.stateDir, spec.name);
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd ?? context.root,
    env: { ...baseEnvironment(), ...spec.env, [STACK_MARK]: context.stateDir },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const service = await watch(context, spec, child);
  try {
    await Promise.race([
      waitUntil(spec.name, spec.ready, spec.readyTimeoutMs ?? 30_000, context.signal),
      service.ended.then((end) => Promise.reject(childError(context.stateDir, spec.name, end))),
    ]);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service;
}

/** The error of a child that ended unasked; its details are the last lines of its log. */
export function childError(
  stateDir: string,
  name: string,
  end: { code: number | null; signal: NodeJS.Signals | null },
): StackError {
  const how = end.signal ? `was ended by ${end.signal}` : `ended with exit code ${end.code}`;
  const lines = lastLines(logPath(stateDir, name), SHOWN_LOG_LINES);
  const details = [`The end of ${logPath(stateDir, name)}:`, ...lines.map((line) => `  | ${line}`)];
  return new StackError("STACK_CHILD", `${name} ${how}.`, { details });
}

export function logPath(stateDir: string, name: string): string {
  return join(stateDir, "logs", `${name}.log`);
}

async function watch(context: StackContext, spec: ServiceSpec, child: ChildProcess): Promise<Service> {
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) =>
      reject(new StackError("STACK_CHILD", `${spec.name} could not be started: ${cause.message}`, { cause })),
    );
  });
  const pid = child.pid as number;
  const identity = processIdentity(pid);
  if (identity) context.state.addChild(spec.name, identity);
  let stopping = false;
  let over = false;
  void ended.then(() => {
    // What it started goes with it. Done at once, while its id cannot yet belong to another group.
    sendSignal(-pid, "SIGKILL");
    over = true;
    if (context.state.data.children[spec.name]?.pid === pid) context.state.removeChild(spec.name);
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    if (over) return;
    await endGroup(pid, ended, spec.stopSignal ?? "SIGTERM", spec.graceMs ?? 5000);
  };
  return { name: spec.name, pid, ended, stopping: () => stopping, stop };
}

/** Asks the leader to end; after the grace time its whole group is killed. */
async function endGroup(
  pid: number,
  ended: Promise<unknown>,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  sendSignal(pid, signal);
  const timer = new AbortController();
  const grace = sleep(graceMs, true, { signal: timer.signal }).catch(() => false);
  const late = await Promise.race([ended.then(() => false), grace]);
  timer.abort();
  if (late) sendSignal(-pid, "SIGKILL");
  await ended;
}

/** Sends a signal to a process, or with a negative id to a group; false when there is none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Waits until exactly this process is gone. */
export async function waitForEnd(
  identity: { pid: number; started: string },
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (isAlive(identity)) {
    if (performance.now() > end) return false;
    await sleep(50);
  }
  return true;
}

function openLog(stateDir: string, name: string): number {
  const path = logPath(stateDir, name);
  mkdirSync(join(stateDir, "logs"), { recursive: true });
  if (existsSync(path) && statSync(path).size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, "a");
}

/** Children get what programs need to run at all; settings of ours reach them only by their own spec. */
function baseEnvironment(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER", "LOGNAME", "NODE_EXTRA_CA_CERTS", TEST_MARK];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
