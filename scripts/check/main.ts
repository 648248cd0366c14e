// npm run check: types, lint, format, generated files up to date. One line each.
import { join } from "node:path";
import { run } from "../bootstrap/process.mjs";
import { oneLine } from "../bootstrap/say.mjs";
import { type Check, checks } from "./checks.ts";
import { staleGenerated } from "./generated.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SHOWN_LINES = 15;
const HELP = `npm run check
Types, lint, format, and whether generated files are up to date. The exit code is 1 when one of them fails.
`;

function report(name: string, problem: string | undefined, mend: string, seconds: number): boolean {
  const verdict = problem === undefined ? "ok" : "FAILED";
  process.stdout.write(`${name.padEnd(16)} ${verdict.padEnd(7)} ${seconds.toFixed(1)} s\n`);
  if (problem === undefined) return true;
  const lines = problem.trim().split("\n");
  for (const line of lines.slice(0, SHOWN_LINES)) process.stdout.write(`    ${line}\n`);
  if (lines.length > SHOWN_LINES)
    process.stdout.write(`    ... and ${lines.length - SHOWN_LINES} more lines\n`);
  process.stdout.write(`    to mend it, or to see all: ${mend}\n`);
  return false;
}

async function runCheck(check: Check): Promise<() => boolean> {
  const start = performance.now();
  const [command, ...args] = check.command;
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const { code, output } = await run(command, args, { cwd: ROOT, env, quiet: true });
  const seconds = (performance.now() - start) / 1000;
  return () => report(check.name, code === 0 ? undefined : output, check.mend, seconds);
}

/** The first check takes as long as all others together: they run beside it. Each is reported in its place. */
async function runChecks([first, ...others]: Check[]): Promise<boolean> {
  const beside = async (): Promise<(() => boolean)[]> => {
    const told: (() => boolean)[] = [];
    for (const check of others) told.push(await runCheck(check));
    return told;
  };
  const [one, rest] = await Promise.all([runCheck(first!), beside()]);
  return [one, ...rest].map((tell) => tell()).every(Boolean);
}

async function checkGenerated(): Promise<boolean> {
  const start = performance.now();
  const stale = await staleGenerated(ROOT, process.env["CI"] === "true");
  const problem = stale.map(({ path, reason }) => `${path} ${reason}`).join("\n") || undefined;
  return report("generated files", problem, "commit them", (performance.now() - start) / 1000);
}

async function main(): Promise<number> {
  if (process.argv.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  const good = await runChecks(checks(ROOT));
  // Last, since it writes what the others read.
  return (await checkGenerated()) && good ? 0 : 1;
}

main()
  .catch((error) => {
    process.stderr.write(`${oneLine(error)}\n`);
    return 1;
  })
  .then((code) => (process.exitCode = code));
