// npm run gas:write: measures gas and writes the committed table, the deliberate act by which a row may grow.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { GasMeasure } from "../../bench/gas/measure.ts";
import { measureGas } from "../../bench/gas.ts";
import { oneLine } from "../bootstrap/say.mjs";

/** The committed table, relative to the project. */
export const GAS_TABLE = "test/contracts/gas/gas.json";

/** By how many percent of the table's figure an act may grow before a test fails. */
const TOLERANCE_PERCENT = 2;

const ROOT = join(import.meta.dirname, "..", "..");

/** The committed table: row → gas. */
export function readGasTable(root = ROOT): Record<string, number> {
  return JSON.parse(readFileSync(join(root, GAS_TABLE), "utf8")) as Record<string, number>;
}

/**
 * What is wrong with measured gas beside a table: acts that grew beyond the tolerance, acts that one of them lacks.
 * An act that got cheaper is none; writing the table anew makes the gain the rule.
 * @returns a sentence for each fault
 */
export function compareGas(table: Record<string, number>, measures: readonly GasMeasure[]): string[] {
  const rows = keyed(measures);
  const faults = rows.flatMap(({ key: id, gas }) => {
    const committed = table[id];
    if (committed === undefined) return [`${id} is not in the table.`];
    if (gas * 100 <= committed * (100 + TOLERANCE_PERCENT)) return [];
    return [`${id} grew by ${((gas / committed - 1) * 100).toFixed(1)} %: ${committed} → ${gas}.`];
  });
  const measured = new Set(rows.map(({ key }) => key));
  const lost = Object.keys(table).filter((id) => !measured.has(id));
  return [...faults, ...lost.map((id) => `${id} is in the table and no longer measured.`)];
}

/** Each measure with its name in the table: its id, and its case where several have one id. */
function keyed(measures: readonly GasMeasure[]): { key: string; gas: number }[] {
  return measures.map(({ id, case: name, gas }) => {
    const isAlone = measures.filter((other) => other.id === id).length === 1;
    return { key: isAlone ? id : `${id}: ${name}`, gas };
  });
}

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    process.stdout.write(
      `npm run gas:write\nMeasures gas and writes ${GAS_TABLE}, which npm test holds to.\n`,
    );
    return;
  }
  const measures = await measureGas();
  const table = Object.fromEntries(keyed(measures).map(({ key, gas }) => [key, gas]));
  const path = join(ROOT, GAS_TABLE);
  const settings = await resolveConfig(path);
  writeFileSync(path, await format(JSON.stringify(table), { ...settings, parser: "json" }));
  for (const { id, gas, bar } of measures) {
    process.stdout.write(
      `${id}  ${gas}${bar === null ? "" : ` of ${bar}${gas > bar ? ", above its bar" : ""}`}\n`,
    );
  }
}

if (import.meta.main) {
  main()
    .catch((error) => {
      process.stderr.write(`${oneLine(error)}\n`);
      process.exitCode = 1;
    })
    .then(() => process.exit());
}
