import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./process.mjs";
import { SetupError, timed } from "./say.mjs";

/** The Node that everything but this set-up runs on. */
export const NODE_VERSION = "24.21.0";
const NODE_MAJOR = 24;

/**
 * A Node ≥ 24: the running one, else the `node` package from npm, kept in `.cache/node`.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} path of the binary
 */
export async function ensureNode(root, env) {
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR) return process.execPath;
  const home = join(root, ".cache", "node", NODE_VERSION);
  const binary = join(home, "node_modules", "node", "bin", "node");
  if (await runsAs(binary, NODE_VERSION, root, env)) return binary;
  await timed(`Node ${NODE_VERSION} (this is ${process.versions.node})`, async () => {
    mkdirSync(home, { recursive: true });
    // A package.json of its own keeps npm from taking the project's workspaces for the target.
    writeFileSync(
      join(home, "package.json"),
      JSON.stringify({ private: true, allowScripts: { node: true } }),
    );
    const { command, args } = npm(env);
    const install = [
      ...args,
      "install",
      "--prefix",
      home,
      "--no-audit",
      "--no-fund",
      "--ignore-scripts=false",
    ];
    const result = await run(command, [...install, `node@${NODE_VERSION}`], { cwd: home, env, quiet: true });
    if (result.code !== 0 || !(await runsAs(binary, NODE_VERSION, root, env))) {
      throw new SetupError(
        "SETUP_NODE",
        `Node ${NODE_VERSION} could not be installed from npm (${lastLine(result.output)}).`,
        "Install Node 24 or newer yourself, put it first on PATH, and try again.",
      );
    }
  });
  return binary;
}

/**
 * How to call npm: through the script that is running us when npm did, else the one on PATH.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [node] binary to run npm's script with
 */
export function npm(env, node = process.execPath) {
  const script = env.npm_execpath;
  return script?.endsWith(".js") && existsSync(script)
    ? { command: node, args: [script] }
    : { command: "npm", args: [] };
}

/** The environment with the folder of this Node binary first on PATH. */
export function withNode(env, node) {
  return { ...env, PATH: `${dirname(node)}:${env.PATH ?? "/usr/local/bin:/usr/bin:/bin"}` };
}

/** The last line that says something, for a one-line error. */
export function lastLine(output) {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.filter((line) => line && !/A complete log|npm notice/.test(line)).at(-1) ?? "no output";
}

async function runsAs(binary, version, cwd, env) {
  if (!existsSync(binary)) return false;
  const { code, output } = await run(binary, ["--version"], { cwd, env, quiet: true });
  return code === 0 && output.trim() === `v${version}`;
}
