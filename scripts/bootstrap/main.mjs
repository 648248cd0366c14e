// The first program of every command. Plain JavaScript without dependencies: it runs on Node 18 and newer, before
// anything is installed, brings Node 24, the packages and the generated files, then hands over.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BUILD_STEPS } from "./build-steps.mjs";
import { ensureChromium } from "./chromium.mjs";
import { ensureInstalled } from "./install.mjs";
import { waitForLock } from "./lock.mjs";
import { ensureNode, withNode } from "./node.mjs";
import { processInfo } from "./process.mjs";
import { oneLine, say, SetupError } from "./say.mjs";
import { runStep } from "./steps.mjs";

/**
 * What each command runs and needs. `build`: the generated files. `browser`: Chromium. `light`: words after which the
 * command only prints and needs no generated files.
 */
const COMMANDS = {
  start: { entry: "scripts/stack/main.ts", build: true, light: ["--help"] },
  status: { entry: "scripts/stack/status-main.ts" },
  test: { entry: "scripts/test/main.ts", build: true, browser: true, light: ["--help"] },
  check: { entry: "scripts/check/main.ts", build: true, light: ["--help"] },
  bench: { entry: "bench/main.ts", build: true, light: ["--help", "--list"] },
  "test:deep": { entry: "scripts/test/deep.ts", build: true, light: ["--help"] },
  "test:mutate": { entry: "scripts/contracts/mutants/main.ts", build: true, light: ["--help"] },
  "gas:write": { entry: "scripts/contracts/gas-table.ts", build: true, light: ["--help"] },
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name] : undefined;
  if (!command) {
    const known = Object.keys(COMMANDS).join(", ");
    throw new SetupError("SETUP_COMMAND", `There is no command "${name ?? ""}".`, `One of: ${known}.`);
  }
  const { node, env } = await setUp(command, args);
  handOver(node, [join(root, command.entry), ...args], env);
}

async function setUp(command, args) {
  const env = usableEnvironment();
  const release = await waitForLock(join(root, ".cache", "bootstrap.lock"), (holder) =>
    say(`another set-up (process ${holder.pid}) is at work; waiting for it`),
  );
  try {
    const node = await ensureNode(root, env);
    Object.assign(env, withNode(env, node));
    await ensureInstalled(root, node, env);
    env.SALUS_INSTALL = createHash("sha256")
      .update(readFileSync(join(root, "package-lock.json")))
      .digest("hex");
    if (command.build && !command.light?.some((word) => args.includes(word))) {
      for (const step of BUILD_STEPS) await runStep(root, env, step);
      if (command.browser) env.CHROME_PATH = await ensureChromium(root, env);
    }
    return { node, env };
  } finally {
    release();
  }
}

/**
 * npm, compilers and browsers write under HOME: where that is not set or not possible they get the account's home, or a
 * folder of the project.
 */
function usableEnvironment() {
  const env = { ...process.env };
  if (env.HOME && writableFolder(env.HOME)) return env;
  const own = join(root, ".cache", "home");
  env.HOME = !env.HOME && writableFolder(accountHome()) ? accountHome() : own;
  mkdirSync(env.HOME, { recursive: true });
  return env;
}

function accountHome() {
  try {
    return userInfo().homedir;
  } catch {
    // An account without an entry in the password file, as containers have.
    return "";
  }
}

function writableFolder(path) {
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Runs the command's program with our own standard streams. Signals go on to it; it also ends when npm, which started
 * us, is gone: an IPC channel tells it that we are.
 */
function handOver(node, argv, env) {
  const child = spawn(node, argv, { cwd: root, env, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const isOrphan = npmWatch();
  if (isOrphan) setInterval(() => isOrphan() && child.kill("SIGTERM"), 1000).unref();
  child.on("error", (error) => end(1, error));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}

/** Under `npm start`: a function that tells whether npm, or the shell between it and us, is gone. */
function npmWatch() {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  const shell = processInfo(parent);
  const viaShell = shell && ["sh", "dash", "bash", "ash"].includes(shell.name);
  return () => process.ppid !== parent || (viaShell && processInfo(parent)?.parent !== shell.parent);
}

function end(code, error) {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(code);
}

main().catch((error) => end(1, error));
