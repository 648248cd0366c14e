import { existsSync } from "node:fs";
import { join } from "node:path";
import { BUILD_STEPS } from "../bootstrap/build-steps.mjs";
import { run } from "../bootstrap/process.mjs";
import { hashPaths } from "../bootstrap/steps.mjs";

/** A generated source file that is not what its program writes, or is not committed. */
export interface StaleFile {
  path: string;
  reason: string;
}

/**
 * Makes every generated source again and compares. In CI, where the set-up has just made them anew in a fresh clone,
 * what differs from the commit counts as well.
 */
export async function staleGenerated(root: string, ci: boolean): Promise<StaleFile[]> {
  const stale: StaleFile[] = [];
  for (const step of BUILD_STEPS.filter(({ generated }) => generated)) {
    const before = hashOf(root, step.outputs);
    for (const [command = "", ...args] of step.commands) {
      const { code, output } = await run(command, args, { cwd: root, env: process.env, quiet: true });
      if (code !== 0)
        return [{ path: step.outputs.join(", "), reason: `could not be made: ${output.trim()}` }];
    }
    if (hashOf(root, step.outputs) !== before) {
      stale.push({
        path: step.outputs.join(", "),
        reason: "was out of date or edited by hand; it is made anew now",
      });
    } else if (ci) stale.push(...(await uncommitted(root, step.outputs)));
  }
  return stale;
}

async function uncommitted(root: string, paths: string[]): Promise<StaleFile[]> {
  const args = ["status", "--porcelain", "--", ...paths];
  const { code, output } = await run("git", args, { cwd: root, env: process.env, quiet: true });
  // Outside of a git checkout there is no commit to compare with.
  if (code !== 0 || output.trim() === "") return [];
  return [{ path: paths.join(", "), reason: "differs from the commit" }];
}

function hashOf(root: string, paths: string[]): string {
  return paths.every((path) => existsSync(join(root, path))) ? hashPaths(root, paths) : "missing";
}
