// npm run test:mutate: small faults are put into copies of the contracts, one at a time; the tests must notice them.
import { parseArgs } from "node:util";
import { oneLine } from "../../bootstrap/say.mjs";
import { compile, mustCompile } from "../lab/compile.ts";
import { loadProject } from "../lab/project.ts";
import { Lab } from "../lab/runner.ts";
import { buildMutants } from "./build.ts";
import { chooseMutants } from "./choose.ts";
import { findReach, hunt, type Verdict } from "./hunt.ts";
import type { Mutant } from "./mutation.ts";
import { type Excuses, readExcuses, type Score, scoreOf, SURVIVORS } from "./survivors.ts";

const BAR_PERCENT = 90;
const MOST = 400;
const SEED = 1;
const JOBS = 2;
const HELP = `npm run test:mutate [-- --seed N] [-- --only CONTRACT,...] [-- --most N] [-- --json]
Puts small faults into copies of the contracts, one at a time, and runs the tests that pass there. The exit code is 1
when fewer than ${BAR_PERCENT} % are noticed, or one that is not lives without a reason in ${SURVIVORS}.
  --seed N             another choice among all mutants (${SEED})
  --only CONTRACT,...  mutants of these contracts and libraries
  --most N             at most so many (${MOST})
  --json               the result as JSON; progress goes to standard error
`;

interface Options {
  seed: number;
  most: number;
  only?: readonly string[];
  json: boolean;
}

function options(): Options | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({ options: { seed: text, only: text, most: text, json: flag, help: flag } });
  if (values.help) return undefined;
  const { json = false } = values;
  const only = values.only?.split(",");
  return { seed: whole("seed", values.seed, SEED), most: whole("most", values.most, MOST), only, json };
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw Object.assign(new Error(`--${name} is not a whole number: ${text}.`), {
    code: "MUTATE_OPTION",
    hint: "npm run test:mutate -- --help",
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<number> {
  const chosen = options();
  if (!chosen) {
    process.stdout.write(HELP);
    return 0;
  }
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      // The compiler is the only other process; nothing is on disk.
      controller.abort();
      process.exit(130);
    });
  }
  const project = await loadProject();
  const { verdicts, refused } = await mutate(project, chosen, controller.signal);
  const excuses = readExcuses(project.root);
  const score = scoreOf(verdicts, excuses);
  process.stdout.write(
    chosen.json
      ? `${json(verdicts, refused, score, excuses)}\n`
      : `${table(verdicts, refused, score, excuses)}\n`,
  );
  return score.percent >= BAR_PERCENT && score.unlisted.length === 0 ? 0 : 1;
}

async function mutate(
  project: Awaited<ReturnType<typeof loadProject>>,
  chosen: Options,
  signal: AbortSignal,
): Promise<{ verdicts: Verdict[]; refused: Mutant[] }> {
  say("reading the contracts ...");
  const trees = mustCompile(await compile(project.input, "ast", { signal }));
  const mutants = chooseMutants(project, trees, chosen);
  say(`compiling ${mutants.length} mutants into one copy ...`);
  const built = await buildMutants(project, trees, mutants, signal);
  const lab = new Lab(project, built.output);
  say("running the tests without a mutant ...");
  const reach = await findReach(lab);
  for (const [name, reason] of reach.failing)
    say(`${name} fails with no mutant acting and does not count: ${reason}`);
  const verdicts: Verdict[] = [];
  const queue = [...built.mutants];
  const work = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      verdicts.push(await hunt(lab, mutant, reach));
      if (verdicts.length % 20 === 0) say(`${verdicts.length} of ${built.mutants.length}`);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, work));
  return { verdicts: verdicts.sort((a, b) => a.mutant.id - b.mutant.id), refused: built.refused };
}

function aliveOf(verdicts: readonly Verdict[], excuses: Excuses) {
  return verdicts
    .filter(({ killer }) => killer === undefined)
    .map(({ mutant: { key, file, line }, reached }) => ({ file, line, key, reached, ...excuses[key] }));
}

function json(verdicts: Verdict[], refused: Mutant[], score: Score, excuses: Excuses): string {
  const survivors = aliveOf(verdicts, excuses);
  const notBuilt = refused.map(({ key }) => key);
  const killers = verdicts.flatMap(({ mutant, killer }) => (killer ? [{ key: mutant.key, killer }] : []));
  return JSON.stringify({ ...score, bar: BAR_PERCENT, survivors, notBuilt, killers });
}

function table(verdicts: Verdict[], refused: Mutant[], score: Score, excuses: Excuses): string {
  const alive = aliveOf(verdicts, excuses).map(({ file, line, key, reached, reason }) => {
    const why = reason ?? (reached ? "no reason is listed" : "no test runs this code");
    return `  ${file}:${line} ${key}\n    ${why}`;
  });
  const { mutants, killed, equivalent, percent, noticed } = score;
  return [
    ...(alive.length > 0 ? ["Alive:", ...alive] : []),
    ...(noticed.length > 0
      ? [`Listed in ${SURVIVORS} though noticed:`, ...noticed.map((key) => `  ${key}`)]
      : []),
    ...(refused.length > 0 ? ["Not built:", ...refused.map(({ key }) => `  ${key}`)] : []),
    `${killed} of ${mutants} mutants noticed, ${equivalent} equivalent: ${percent.toFixed(1)} %, bar ${BAR_PERCENT} %`,
  ].join("\n");
}

main()
  .catch((error) => {
    process.stderr.write(`${oneLine(error)}\n`);
    return 1;
  })
  .then((code) => process.exit(code));
