/** Writes docs/parameters.md from the one table of what votes reach. */
import { parameters, votedActions, type Parameter, type VotedAction } from "@salus/sdk/governance/parameters";
import { generate } from "./files.ts";

const DAY = 86_400n;

function inWords(value: bigint, { unit }: Parameter): string {
  if (unit === "basis points") return `${Number(value) / 100} %`;
  if (unit === "percent") return `${value} %`;
  if (unit === "seconds") return value % DAY === 0n ? days(value / DAY) : `${value} s`;
  if (unit === "smallest unit of the reference stablecoin") return `${Number(value) / 1e6} (six decimals)`;
  return `${value}`;
}

function days(count: bigint): string {
  return count === 1n ? "1 day" : `${count} days`;
}

function boundsOf(parameter: Parameter): string {
  const { bounds, mostGetter } = parameter;
  if (!bounds) return "–";
  if (mostGetter) return "up to a million whole tokens";
  return `${inWords(bounds.least, parameter)} to ${inWords(bounds.most, parameter)}`;
}

function rowOf(parameter: Parameter): string {
  const { id, title, production, meaning, affects } = parameter;
  const begins = production === undefined ? "by deployment" : inWords(production, parameter);
  return `| **${title}**<br>\`${id}\` | ${meaning} | ${boundsOf(parameter)} | ${begins} | ${affects} |`;
}

function actionsOf(kind: VotedAction["kind"]): string {
  return votedActions
    .filter((action) => action.kind === kind)
    .map(({ contract, function: text, meaning }) => `| \`${contract}.${nameIn(text)}\` | ${meaning} |`)
    .join("\n");
}

function nameIn(text: string): string {
  return /^function (\w+)/.exec(text)![1]!;
}

const HEAD = "| what | in plain words |\n|---|---|\n";
const content = `# What a vote can set

Every setting that token holders govern, from \`sdk/src/governance/parameters.ts\`. The bounds are constants of the
contracts: no vote goes beyond them. Periods may be as short as a second on local chains (id 31337), and there alone.
\`test/integration/powers.test.ts\` takes each bound, and one beyond it, through a vote on a production deployment.

| setting | meaning | bounds | a public deployment begins with | a change reaches |
|---|---|---|---|---|
${parameters.map(rowOf).join("\n")}

## Lists

${HEAD}${actionsOf("list")}

## The treasury

${HEAD}${actionsOf("treasury")}

## The powers themselves

A vote can hand on what it may do. What nobody may do, by vote or otherwise, stays so: see governance.md.

${HEAD}${actionsOf("powers")}
`;

generate({ "docs/parameters.md": content }, "node scripts/generate/parameters.ts");
