import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, relative } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { processIdentity } from "../bootstrap/process.mjs";
import { StackError } from "./errors.ts";
import { childError, logPath, sendSignal, type StackContext, STACK_MARK } from "./service.ts";

export interface Task {
  name: string;
  /** TypeScript module; its function gets `argument` (as JSON) and may print progress, a line at a time. */
  module: string;
  /** Exported function; the module's default export when it has none of this name. */
  functionName: string;
  argument: unknown;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a function of another module to its end, in a process of its own, so that its memory and its faults stay out of
 * the supervisor. Its output is shown and kept in `logs/<name>.log`.
 * @throws STACK_MISSING when there is no such module, STACK_CHILD when it fails
 */
export async function runTask(context: StackContext, task: Task): Promise<void> {
  if (!existsSync(task.module)) {
    const name = relative(context.root, task.module);
    throw new StackError("STACK_MISSING", `The step "${task.name}" needs ${name}, which is missing.`);
  }
  context.signal.throwIfAborted();
  const runner = fileURLToPath(new URL("run-task.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    [runner, task.module, task.functionName, JSON.stringify(task.argument)],
    {
      cwd: context.root,
      env: { ...process.env, ...task.env, [STACK_MARK]: context.stateDir },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  const pid = child.pid;
  const identity = pid === undefined ? undefined : processIdentity(pid);
  if (identity) context.state.addChild(task.name, identity);
  const end = (): void => void (pid !== undefined && sendSignal(-pid, "SIGTERM"));
  context.signal.addEventListener("abort", end, { once: true });
  keepOutput(context, task.name, child.stdout, child.stderr);
  const result = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal }));
    },
  );
  context.signal.removeEventListener("abort", end);
  context.state.removeChild(task.name);
  context.signal.throwIfAborted();
  if (result.code !== 0) throw childError(context.stateDir, task.name, result);
}

/** All output goes to the log; standard output is progress, and shown as well. */
function keepOutput(context: StackContext, name: string, output: Readable, errors: Readable): void {
  const path = logPath(context.stateDir, name);
  mkdirSync(dirname(path), { recursive: true });
  createInterface({ input: output }).on("line", (line) => {
    appendFileSync(path, `${line}\n`);
    context.say(`${name}: ${line}`);
  });
  createInterface({ input: errors }).on("line", (line) => appendFileSync(path, `${line}\n`));
}
