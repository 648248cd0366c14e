// npm run bench [-- NAME] [-- --json]: each bench is a module bench/NAME.ts that exports rows().
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { oneLine } from "../scripts/bootstrap/say.mjs";
import type { BenchModule, BenchRow } from "./row.ts";

/** Modules of this folder that are not benches. */
const NOT_A_BENCH = new Set(["main.ts", "row.ts"]);

interface BenchResult {
  name: string;
  machine: string;
  rows: BenchRow[];
}

function benchNames(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !NOT_A_BENCH.has(file))
    .map((file) => file.slice(0, -3))
    .sort();
}

function machine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} x ${cores[0]?.model.trim() ?? "unknown"}, ${memory} GiB, Node ${process.versions.node}`;
}

async function runBench(name: string): Promise<BenchResult> {
  const module = (await import(new URL(`${name}.ts`, import.meta.url).href)) as BenchModule;
  const rows = await module.rows();
  if (rows.length === 0) {
    const hint = "A bench must measure something: mend its rows().";
    throw Object.assign(new Error(`The bench "${name}" gave no rows.`), { code: "BENCH_EMPTY", hint });
  }
  return { name, machine: machine(), rows };
}

function table(result: BenchResult): string {
  const head = ["id", "case", "value", "unit", "bar", "ok", "peer", "ratio"];
  const cell = (value: unknown): string =>
    typeof value === "number" ? String(+value.toPrecision(5)) : String(value ?? "");
  const rows = result.rows.map((row) =>
    [row.id, row.case, row.value, row.unit, row.bar, row.ok, row.peer, row.ratio].map(cell),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [`${result.name} (${result.machine})`, line(head), ...rows.map(line)].join("\n");
}

function help(): string {
  return `npm run bench [-- NAME] [-- --json]
Benches: ${benchNames().join(", ") || "none yet"}. Without NAME all of them, without --json a table.
`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, list: { type: "boolean" }, help: { type: "boolean" } },
  });
  const known = benchNames();
  if (values.help || values.list) {
    process.stdout.write(values.list ? `${known.join("\n")}\n` : help());
    return 0;
  }
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined || known.length === 0) {
    const message = unknown === undefined ? "There are no benches yet." : `There is no bench "${unknown}".`;
    throw Object.assign(new Error(message), {
      code: "BENCH_NAME",
      hint: `Known: ${known.join(", ") || "none"}.`,
    });
  }
  const names = positionals.length > 0 ? positionals : known;
  const results: BenchResult[] = [];
  for (const name of names) {
    const result = await runBench(name);
    results.push(result);
    if (!values.json) process.stdout.write(`${table(result)}\n`);
  }
  if (values.json)
    process.stdout.write(`${JSON.stringify(positionals.length === 1 ? results[0] : results)}\n`);
  return results.some(({ rows }) => rows.some(({ ok }) => ok === false)) ? 1 : 0;
}

// Benches end what they started when this program exits; a signal alone would not let them.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

main()
  .catch((error) => {
    process.stderr.write(`${oneLine(error)}\n`);
    return 1;
  })
  .then((code) => process.exit(code));
