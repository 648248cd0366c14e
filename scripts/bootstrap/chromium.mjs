import { accessSync, constants, existsSync } from "node:fs";
import { run } from "./process.mjs";
import { SetupError, timed } from "./say.mjs";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * A Chromium to test with: `CHROME_PATH`, else the system's, else Debian's package when we are root there.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} path of the browser
 */
export async function ensureChromium(root, env) {
  if (env.CHROME_PATH) {
    if (executable(env.CHROME_PATH)) return env.CHROME_PATH;
    throw new SetupError(
      "SETUP_CHROME_PATH",
      `CHROME_PATH names ${env.CHROME_PATH}, which is not an executable file.`,
      "Point it at a Chromium or Chrome binary, or unset it.",
    );
  }
  const found = CANDIDATES.find(executable);
  if (found) return found;
  const debian = existsSync("/etc/debian_version");
  if (!debian || process.getuid?.() !== 0) {
    const hint = debian ? "Run `apt-get install chromium` as root, or" : "Install Chromium, or";
    throw new SetupError(
      "SETUP_CHROMIUM",
      "The browser tests need Chromium.",
      `${hint} set CHROME_PATH to one.`,
    );
  }
  await timed("Chromium from Debian", () => aptInstall(root, env));
  return CANDIDATES.find(executable) ?? fail("the package brought no /usr/bin/chromium");
}

async function aptInstall(cwd, env) {
  const quiet = { cwd, env: { ...env, DEBIAN_FRONTEND: "noninteractive" }, quiet: true };
  await run("apt-get", ["update", "-qq"], quiet);
  const { code, output } = await run("apt-get", ["install", "-y", "-qq", "chromium"], quiet);
  if (code !== 0)
    fail(output.split("\n").find((line) => line.startsWith("E:")) ?? `apt-get ended with ${code}`);
}

function fail(reason) {
  throw new SetupError(
    "SETUP_CHROMIUM",
    `Chromium could not be installed: ${reason}.`,
    "Install it yourself, or set CHROME_PATH to a Chromium or Chrome binary.",
  );
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
