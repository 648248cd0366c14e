import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { lastLine } from "./node.mjs";
import { run } from "./process.mjs";
import { SetupError, timed } from "./say.mjs";

/** Folders that are never inputs: they hold what steps and installs make. */
const SKIP = new Set(["node_modules", "build", ".svelte-kit", "cache", "coverage", ".git"]);

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} inputs files and folders whose content decides whether the step runs; each must exist
 * @property {string[]} outputs files and folders that must exist afterwards
 * @property {string[][]} commands argument lists, run one after the other; `node` is Node 24
 * @property {boolean} [generated] whether the outputs are sources
 */

/**
 * Runs the step unless its inputs, its commands and its Node are those of the last good run and its outputs are there.
 * The stamp is written last, so a step that was cut short runs again.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {Step} step
 * @returns {Promise<boolean>} whether it ran
 */
export async function runStep(root, env, step) {
  const missing = step.inputs.filter((input) => !existsSync(join(root, input)));
  if (missing.length > 0) {
    throw new SetupError(
      "SETUP_INPUT",
      `"${step.name}" cannot run: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing.`,
      "Restore the files from git.",
    );
  }
  const stampPath = join(root, ".cache", "steps", `${step.name.replaceAll(" ", "-")}.json`);
  const stamp = stampOf(root, env, step);
  if (isFresh(root, step, stampPath, stamp)) return false;
  await timed(step.name, () => runCommands(root, env, step));
  const lacking = step.outputs.filter((output) => !existsSync(join(root, output)));
  if (lacking.length > 0) {
    throw new SetupError(
      "SETUP_OUTPUT",
      `"${step.name}" ended well but left no ${lacking.join(", ")}.`,
      "This is a fault of the project: please report it.",
    );
  }
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(`${stampPath}.new`, stamp);
  renameSync(`${stampPath}.new`, stampPath);
  return true;
}

/** Whether the step would be skipped; false also when an input is missing. */
export function isStepFresh(root, env, step) {
  if (step.inputs.some((input) => !existsSync(join(root, input)))) return false;
  const stampPath = join(root, ".cache", "steps", `${step.name.replaceAll(" ", "-")}.json`);
  return isFresh(root, step, stampPath, stampOf(root, env, step));
}

/**
 * SHA-256 over the names and contents of all files under the given paths, in a fixed order.
 * @param {string} root
 * @param {string[]} paths relative to root
 */
export function hashPaths(root, paths) {
  const hash = createHash("sha256");
  for (const path of [...paths].sort()) {
    for (const file of filesUnder(root, path)) {
      hash.update(
        `${file}\0${createHash("sha256")
          .update(readFileSync(join(root, file)))
          .digest("hex")}\0`,
      );
    }
  }
  return hash.digest("hex");
}

function filesUnder(root, path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries
    .filter((entry) => !SKIP.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(root, `${path}/${entry.name}`));
}

function stampOf(root, env, step) {
  const inputs = hashPaths(root, step.inputs);
  return JSON.stringify({
    inputs,
    commands: step.commands,
    outputs: step.outputs,
    install: env.SALUS_INSTALL ?? "",
  });
}

function isFresh(root, step, stampPath, stamp) {
  if (step.outputs.some((output) => !existsSync(join(root, output)))) return false;
  return existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp;
}

async function runCommands(root, env, step) {
  for (const [command, ...args] of step.commands) {
    const { code, output } = await run(command, args, { cwd: root, env, quiet: true });
    if (code === 0) continue;
    process.stderr.write(`${output.trim().split("\n").slice(-25).join("\n")}\n`);
    throw new SetupError(
      "SETUP_STEP",
      `"${step.name}" failed with exit code ${code}: ${lastLine(output)}`,
      `The command was: ${[command, ...args].join(" ")}`,
    );
  }
}
