/** Starts isolated processes. The only file of this part that touches node:child_process. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { ComputeError } from "../errors.ts";

/** Hard limits of one sandboxed process. */
export interface SandboxLimits {
  /** Wall-clock time; the process is killed at its end. */
  readonly timeoutMs: number;
  /** JavaScript heap; WebAssembly memory is limited to as much again. */
  readonly memoryMiB: number;
  readonly maxInputBytes: number;
  readonly maxOutputBytes: number;
}

/** How a process was really isolated; what a machine lacks is said, never assumed. */
export interface Isolation {
  /** `namespace`: a network namespace without interfaces, and Node's network modules closed; else only the latter. */
  readonly network: "namespace" | "blocked-in-process";
  /** Node's permission model: this part's code can be read, nothing written, no process or thread started. */
  readonly files: "read-own-code";
  readonly environment: "empty";
  /** `off`: a crash cannot write memory to disk. */
  readonly coreDumps: "off" | "system-default";
  /** Whether the kernel ends the process when the launcher dies. */
  readonly endsWithLauncher: boolean;
}

export interface IsolatedOutput {
  readonly stdout: Uint8Array;
  readonly isolation: Isolation;
}

interface Wrapper {
  readonly command: readonly string[];
  readonly isolation: Isolation;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const PACKAGE_ROOT = realpathSync(join(HERE, "..", ".."));
const WASM_PAGES_PER_MIB = 16;

/**
 * Runs `entry` (a file of this part) in an isolated process with `input` on stdin, and returns its stdout.
 * Throws COMPUTE_Timeout, COMPUTE_ResultTooLarge (output above its limit), COMPUTE_SandboxFailed (the process ended
 * otherwise), COMPUTE_IsolationUnavailable (it could not be started).
 */
export async function spawnIsolated(
  entry: string,
  input: Iterable<Uint8Array>,
  limits: SandboxLimits,
  signal?: AbortSignal,
): Promise<IsolatedOutput> {
  const { command, isolation } = findWrapper();
  const [file, ...args] = [...command, process.execPath, ...nodeArguments(limits), entry];
  const child = spawn(file!, args, { cwd: "/", env: {}, stdio: ["pipe", "pipe", "ignore"] });
  return { stdout: await converse(child, input, limits, signal), isolation };
}

/** The flags that close a Node process; spawnIsolated adds what the operating system offers around it. */
export function nodeArguments({ memoryMiB }: SandboxLimits): string[] {
  return [
    "--permission",
    ...readablePaths().map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${memoryMiB}`,
    `--wasm-max-mem-pages=${memoryMiB * WASM_PAGES_PER_MIB}`,
    "--no-addons",
    "--no-warnings",
    "--disable-proto=throw",
    "--import",
    join(HERE, "lockdown.ts"),
  ];
}

/** Sends the input, gathers the output, and ends the process when a limit is met. */
function converse(
  child: ChildProcess,
  input: Iterable<Uint8Array>,
  limits: SandboxLimits,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let failure: ComputeError | undefined;
    const stop = (error: ComputeError) => {
      failure ??= error;
      child.kill("SIGKILL");
    };
    const onAbort = () => stop(new ComputeError("COMPUTE_SandboxFailed", "The job was called off."));
    const timer = setTimeout(
      () => stop(new ComputeError("COMPUTE_Timeout", `The job took longer than ${limits.timeoutMs} ms.`)),
      limits.timeoutMs,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    child.on("error", (cause) => {
      failure ??= new ComputeError("COMPUTE_IsolationUnavailable", "The sandbox could not be started.", {
        cause,
      });
    });
    child.stdout!.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limits.maxOutputBytes) chunks.push(chunk);
      else
        stop(
          new ComputeError(
            "COMPUTE_ResultTooLarge",
            `The job wrote more than ${limits.maxOutputBytes} bytes.`,
          ),
        );
    });
    // A process that ended early closes its end of the pipe; its exit says more than the pipe's error.
    child.stdin!.on("error", () => {});
    Readable.from(input, { objectMode: true }).pipe(child.stdin!);
    child.on("close", (code) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (code !== 0) {
        failure ??= new ComputeError(
          "COMPUTE_SandboxFailed",
          "The process of the job ended without an answer.",
        );
      }
      if (failure === undefined) resolve(Buffer.concat(chunks));
      else reject(failure);
    });
  });
}

let foundWrapper: Wrapper | undefined;

/** The strongest wrapper that this machine allows, found by trying; util-linux has all three commands. */
function findWrapper(): Wrapper {
  foundWrapper ??= candidates().find(({ command }) => works(command)) ?? PLAIN;
  return foundWrapper;
}

const PLAIN: Wrapper = {
  command: [],
  isolation: {
    network: "blocked-in-process",
    files: "read-own-code",
    environment: "empty",
    coreDumps: "system-default",
    endsWithLauncher: false,
  },
};

function candidates(): Wrapper[] {
  const unshare = commandPath("unshare");
  const prlimit = commandPath("prlimit");
  const setpriv = commandPath("setpriv");
  const namespace = unshare === undefined ? [] : [unshare, "--map-root-user", "--net", "--"];
  const limits = prlimit === undefined ? [] : [prlimit, "--core=0", "--"];
  // After unshare: entering a user namespace clears the signal.
  const ending = setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL", "--no-new-privs", "--"];
  return [
    [namespace, limits, ending],
    [namespace, limits],
    [namespace],
    [[], limits, ending],
    [[], limits],
  ].map(([first, second, third]): Wrapper => ({
    command: [...first!, ...(second ?? []), ...(third ?? [])],
    isolation: {
      ...PLAIN.isolation,
      network: first!.length > 0 ? "namespace" : "blocked-in-process",
      coreDumps: second !== undefined && second.length > 0 ? "off" : "system-default",
      endsWithLauncher: third !== undefined && third.length > 0,
    },
  }));
}

function works([file, ...args]: readonly string[]): boolean {
  const probe = [process.execPath, "--version"];
  return (
    file !== undefined && spawnSync(file, [...args, ...probe], { env: {}, stdio: "ignore" }).status === 0
  );
}

/** By fixed folders: a search path from the environment could name another program. */
function commandPath(name: string): string | undefined {
  return ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

let foundPaths: string[] | undefined;

/** This part's own code and the packages it depends on, and theirs. */
function readablePaths(): string[] {
  if (foundPaths === undefined) {
    const packages = new Set<string>();
    addDependencies(PACKAGE_ROOT, packages);
    foundPaths = [join(PACKAGE_ROOT, "src"), join(PACKAGE_ROOT, "package.json"), ...packages];
  }
  return foundPaths;
}

function addDependencies(folder: string, found: Set<string>): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const path = findPackage(name, folder);
    if (path === undefined || found.has(path)) continue;
    found.add(path);
    addDependencies(path, found);
  }
}

/** As Node looks for packages: in node_modules of the folder, then of each folder above. */
function findPackage(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, "node_modules", name);
    if (existsSync(join(path, "package.json"))) return realpathSync(path);
    if (at === dirname(at)) return undefined;
  }
}
