/**
 * Writes `generated/data-use.json`: the truth table of the data-use rules, which the Solidity library and its TypeScript twin
 * must both reproduce. `--check` writes nothing and exits with 1 where the file is out of date.
 *
 * Run: node test/contracts/vectors/data-use.ts
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ACTIVITIES,
  DECIDED,
  PERMISSIONS,
  QUALITIES,
  REASONS,
  UNDECIDED,
  type Activity,
  type Modifier,
  type Permission,
  type Quality,
  type Reason,
} from "./duo.ts";
import { decide } from "./oracle.ts";

const FILE = join(import.meta.dirname, "generated/data-use.json");
const USES = 2 ** (Object.keys(ACTIVITIES).length + Object.keys(QUALITIES).length);

const digest = (code: string): string => `0x${createHash("sha256").update(code).digest("hex")}`;
const NONE = `0x${"00".repeat(32)}`;
const DIABETES = digest("ICD-10-CM:E11");
const CANCER = digest("ICD-10-CM:C50");

type Row = { name: string; duo: string; disease: string; purposeDisease: string };
type Table = Row & { reasons: string };
type Edge = Row & { uses: string; reason: number };

const bit = (n: number): bigint => 1n << BigInt(n);
const hex = (n: bigint): string => `0x${n.toString(16)}`;
const code = (reason: Reason): number => REASONS.indexOf(reason);

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((set) => [...set, item])], [[]]);
}

function named<T extends string>(bits: Record<T, number>, uses: number): T[] {
  return (Object.keys(bits) as T[]).filter((name) => uses & (1 << bits[name]));
}

/** Diseases that the terms and the purpose name; they matter to disease-specific terms, one other case shows so. */
function diseases(permission: Permission): [string, string][] {
  if (permission !== "DS") return [[NONE, NONE]];
  return [
    [DIABETES, DIABETES],
    [DIABETES, CANCER],
    [DIABETES, NONE],
    [NONE, NONE],
    [NONE, DIABETES],
  ];
}

/** One row a combination of terms and diseases; in it one byte for each of the 512 sets of declared uses. */
function tables(): Table[] {
  const rows: Table[] = [];
  for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
    for (const modifiers of subsets(Object.keys(DECIDED) as Modifier[])) {
      for (const [disease, purposeDisease] of diseases(permission)) {
        rows.push(table(permission, modifiers, disease, purposeDisease));
      }
    }
  }
  return [...rows, table("GRU", [], NONE, CANCER), table("HMB", ["NCU"], DIABETES, CANCER)];
}

function table(
  permission: Permission,
  modifiers: Modifier[],
  disease: string,
  purposeDisease: string,
): Table {
  const reasons = Array.from({ length: USES }, (_, uses) =>
    code(
      decide({
        permission,
        modifiers,
        termsDisease: disease === NONE ? undefined : disease,
        activities: named<Activity>(ACTIVITIES, uses),
        qualities: named<Quality>(QUALITIES, uses),
        purposeDisease: purposeDisease === NONE ? undefined : purposeDisease,
      }),
    ),
  );
  const duo = modifiers.reduce((sum, m) => sum | bit(DECIDED[m]), bit(PERMISSIONS[permission]));
  const bytes = reasons.map((reason) => reason.toString(16).padStart(2, "0")).join("");
  return {
    name: [permission, ...modifiers].join("+"),
    duo: hex(duo),
    disease,
    purposeDisease,
    reasons: `0x${bytes}`,
  };
}

/** Terms and uses that are malformed. Unknown terms come first, then undecided ones, then the permission, then uses. */
function edges(): Edge[] {
  const health = bit(ACTIVITIES.health);
  const gru = bit(PERMISSIONS.GRU);
  const rows: [string, bigint, bigint, Reason][] = [];
  for (let n = 24; n < 128; ++n) rows.push([`unknown term ${n}`, gru | bit(n), health, "UnknownTerm"]);
  for (const [name, n] of Object.entries(UNDECIDED)) {
    rows.push([`undecided ${name}`, gru | bit(n), health, "UndecidedTerm"]);
    rows.push([`unknown term and ${name}`, gru | bit(n) | bit(127), health, "UnknownTerm"]);
    rows.push([`no permission and ${name}`, bit(n), health, "UndecidedTerm"]);
  }
  for (const set of subsets(Object.values(PERMISSIONS))) {
    if (set.length === 1) continue;
    const duo = set.reduce((sum: bigint, n) => sum | bit(n), 0n);
    rows.push([`${set.length} permissions`, duo, health, "PermissionNotSingle"]);
    rows.push([`${set.length} permissions, no use`, duo | bit(DECIDED.NCU), 0n, "PermissionNotSingle"]);
  }
  for (let n = 9; n < 128; ++n)
    rows.push([`unknown use ${n}`, bit(PERMISSIONS.NRES), health | bit(n), "UnknownUse"]);
  rows.push(["only an unknown use", gru, bit(9), "UnknownUse"]);
  rows.push(["every bit", bit(128) - 1n, bit(128) - 1n, "UnknownTerm"]);
  return rows.map(([name, duo, uses, reason]) => ({
    name,
    duo: hex(duo),
    disease: NONE,
    purposeDisease: NONE,
    uses: hex(uses),
    reason: code(reason),
  }));
}

/** Column by column, since the cheatcodes read arrays of one type. */
function columns<T extends Record<string, unknown>>(rows: T[]): Record<string, unknown[]> {
  const names = Object.keys(rows[0] as T);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

const text = `${JSON.stringify(
  { reasons: REASONS, usesPerRow: USES, tables: columns(tables()), edges: columns(edges()) },
  null,
  1,
)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, "utf8") !== text) {
  console.error("data-use.json is out of date. Run: node test/contracts/vectors/data-use.ts");
  process.exitCode = 1;
}
