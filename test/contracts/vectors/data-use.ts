/**
 * Writes `generated/data-use.json`: the truth table of the data-use rules, which the Solidity library and its TypeScript twin
 * must both reproduce. `--check` writes nothing and exits with 1 where the file is out of date.
 *
 * Run: node test/contracts/vectors/data-use.ts
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  ACTIVITIES,
  MODIFIERS,
  PERMISSIONS,
  QUALITIES,
  REASONS,
  type Activity,
  type Modifier,
  type Permission,
  type Quality,
  type Reason,
} from "./duo.ts";
import { decide, type Question } from "./oracle.ts";

const FILE = join(import.meta.dirname, "generated/data-use.json");
/** Sets of the six activities and of the three qualities that concern every order. */
const USES = 2 ** 9;

const digest = (code: string): string => `0x${createHash("sha256").update(code).digest("hex")}`;
const NONE = `0x${"00".repeat(32)}`;
const DIABETES = digest("ICD-10-CM:E11");
const CANCER = digest("ICD-10-CM:C50");
const MORATORIUM = 2_000_000_000;
const LIMIT = 2_100_000_000;

const bit = (n: number): bigint => 1n << BigInt(n);
const hex = (n: bigint): string => `0x${n.toString(16)}`;
const code = (reason: Reason): number => REASONS.indexOf(reason);
const byte = (reason: Reason): string => code(reason).toString(16).padStart(2, "0");
const dated = (moratorium: number, limit: number): bigint => (BigInt(moratorium) << 40n) | BigInt(limit);
const diseaseOf = (value: string): string | undefined => (value === NONE ? undefined : value);
const keys = <T extends string>(of: Record<T, number>): T[] => Object.keys(of) as T[];

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((set) => [...set, item])], [[]]);
}

function named<T extends string>(bits: Record<T, number>, uses: number): T[] {
  return keys(bits).filter((name) => uses & (1 << bits[name]));
}

function duoOf(permission: Permission, modifiers: readonly Modifier[]): string {
  return hex(modifiers.reduce((sum, m) => sum | bit(MODIFIERS[m]), bit(PERMISSIONS[permission])));
}

/* The first part: every set of what every order declares, under every permission with the modifiers that concern it. */

type Table = {
  name: string;
  duo: string;
  disease: string;
  purposeDisease: string;
  shown: string;
  reasons: string;
};

/** Diseases that the terms and the purpose name; they matter to disease-specific terms, one other case shows so. */
function diseases(permission: Permission): [string, string, boolean][] {
  if (permission !== "DS") return [[NONE, NONE, false]];
  return [
    [DIABETES, DIABETES, false],
    [DIABETES, CANCER, false],
    [DIABETES, CANCER, true],
    [DIABETES, NONE, false],
    [DIABETES, NONE, true],
    [NONE, NONE, false],
    [NONE, DIABETES, true],
  ];
}

function tables(): Table[] {
  const rows: Table[] = [];
  for (const permission of keys(PERMISSIONS)) {
    for (const modifiers of subsets<Modifier>(["NPU", "NCU", "NO_REIDENTIFICATION", "CC"])) {
      for (const [disease, purposeDisease, descends] of diseases(permission)) {
        rows.push(table({ permission, modifiers }, disease, purposeDisease, descends));
      }
    }
  }
  return [
    ...rows,
    table({ permission: "GRU", modifiers: [] }, NONE, CANCER, false),
    table({ permission: "HMB", modifiers: ["NCU"] }, DIABETES, CANCER, true),
  ];
}

function table(
  terms: Pick<Question, "permission" | "modifiers">,
  disease: string,
  purposeDisease: string,
  descends: boolean,
): Table {
  const reasons = Array.from({ length: USES }, (_, uses) =>
    decide({
      ...terms,
      termsDisease: diseaseOf(disease),
      activities: named<Activity>(ACTIVITIES, uses),
      qualities: named<Quality>(QUALITIES, uses),
      purposeDisease: diseaseOf(purposeDisease),
      shown: descends ? ["descent"] : [],
    }),
  );
  return {
    name: [terms.permission, ...terms.modifiers].join("+"),
    duo: duoOf(terms.permission, terms.modifiers),
    disease,
    purposeDisease,
    shown: hex(descends ? bit(PERMISSIONS.DS) : 0n),
    reasons: `0x${reasons.map(byte).join("")}`,
  };
}

/* The second part: every modifier under every permission, and every pair of modifiers, in the cases that matter. */

type Case = Required<Pick<Question, "activities" | "qualities" | "shown" | "time" | "until">>;

const EVIDENCED: Modifier[] = ["RS", "COL", "IRB", "GS", "US", "PS", "IS"];

/** Evidence and time: nothing shown; all; all but one; and the seconds around the ends of moratorium and use. */
const AROUND: Pick<Case, "shown" | "time" | "until">[] = [
  { shown: [], time: MORATORIUM - 1, until: LIMIT },
  { shown: EVIDENCED, time: MORATORIUM - 1, until: LIMIT },
  { shown: EVIDENCED, time: MORATORIUM, until: LIMIT },
  { shown: EVIDENCED, time: MORATORIUM, until: LIMIT + 1 },
  ...EVIDENCED.map((missing) => ({
    shown: EVIDENCED.filter((name) => name !== missing),
    time: MORATORIUM,
    until: LIMIT,
  })),
];

const DONE: Activity[][] = [
  ...keys(ACTIVITIES).map((activity) => [activity]),
  ["disease", "methods"],
  ["ancestry", "health"],
  ["disease", "care"],
];

const GOOD: Quality[] = ["genetic", "willPublish", "willReturn", "willWait"];
const DECLARED: Quality[][] = [
  [],
  GOOD,
  ...GOOD.map((left) => GOOD.filter((name) => name !== left)),
  ...(["commercial", "forProfit", "reidentification"] as const).map((bad): Quality[] => [...GOOD, bad]),
];

function cases(): Case[] {
  return DONE.flatMap((activities) =>
    DECLARED.flatMap((qualities) => AROUND.map((around) => ({ activities, qualities, ...around }))),
  );
}

function caseColumn({ activities, qualities, shown, time, until }: Case) {
  const flags = [...activities.map((name) => ACTIVITIES[name]), ...qualities.map((name) => QUALITIES[name])];
  return {
    uses: hex(flags.reduce((sum, n) => sum | bit(n), 0n)),
    shown: hex(shown.reduce((sum, name) => sum | bit(MODIFIERS[name as Modifier]), 0n)),
    time,
    until,
  };
}

/** A disease that is the terms' own is declared in all of these: `tables` has the others. */
function modifierRows(all: Case[]) {
  const names = keys(MODIFIERS);
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b): Modifier[] => [a, b]));
  const sets: [Permission, Modifier[]][] = [
    ...keys(PERMISSIONS).flatMap((permission) =>
      [[], ...names.map((name) => [name]), names].map((set): [Permission, Modifier[]] => [permission, set]),
    ),
    ...pairs.map((pair): [Permission, Modifier[]] => ["GRU", pair]),
  ];
  return sets.map(([permission, modifiers]) => {
    const terms = { permission, modifiers, termsDisease: DIABETES, purposeDisease: DIABETES };
    const dates = { moratoriumEnds: MORATORIUM, useEnds: LIMIT };
    return {
      name: [permission, ...modifiers].join("+"),
      duo: duoOf(permission, modifiers),
      reasons: `0x${all.map((one) => byte(decide({ ...terms, ...dates, ...one }))).join("")}`,
    };
  });
}

/* The third part: terms and uses that are malformed. */

type Edge = { name: string; duo: string; dates: string; uses: string; reason: number };

/** Unknown terms come first, then dates that are missing, then the permission, then uses. */
function edges(): Edge[] {
  const health = bit(ACTIVITIES.health);
  const gru = bit(PERMISSIONS.GRU);
  const both = bit(MODIFIERS.MOR) | bit(MODIFIERS.TS);
  const rows: [string, bigint, bigint, Reason, bigint?][] = [];
  for (let n = 24; n < 128; ++n) rows.push([`unknown term ${n}`, gru | bit(n), health, "UnknownTerm"]);
  for (const name of ["MOR", "TS"] as const) {
    const other = name === "MOR" ? dated(0, LIMIT) : dated(MORATORIUM, 0);
    rows.push([`${name} without its date`, gru | bit(MODIFIERS[name]), health, "TermsIncomplete", other]);
    rows.push([`both, ${name} without its date`, gru | both, health, "TermsIncomplete", other]);
    rows.push([`unknown term and ${name}`, gru | bit(MODIFIERS[name]) | bit(127), health, "UnknownTerm"]);
    rows.push([`no permission and ${name}`, bit(MODIFIERS[name]), health, "TermsIncomplete"]);
  }
  for (const set of subsets(Object.values(PERMISSIONS))) {
    if (set.length === 1) continue;
    const duo = set.reduce((sum: bigint, n) => sum | bit(n), 0n);
    rows.push([`${set.length} permissions`, duo, health, "PermissionNotSingle"]);
    rows.push([`${set.length} permissions, no use`, duo | bit(MODIFIERS.NCU), 0n, "PermissionNotSingle"]);
  }
  for (let n = 13; n < 128; ++n)
    rows.push([`unknown use ${n}`, bit(PERMISSIONS.NRES), health | bit(n), "UnknownUse"]);
  rows.push(["only an unknown use", gru, bit(13), "UnknownUse"]);
  rows.push(["only an undertaking", gru, bit(QUALITIES.willPublish), "NoUseDeclared"]);
  rows.push(["every bit", bit(128) - 1n, bit(128) - 1n, "UnknownTerm"]);
  return rows.map(([name, duo, uses, reason, dates = 0n]) => ({
    name,
    duo: hex(duo),
    dates: hex(dates),
    uses: hex(uses),
    reason: code(reason),
  }));
}

/** Column by column, since the cheatcodes read arrays of one type. */
function columns<T extends Record<string, unknown>>(rows: T[]): Record<string, unknown[]> {
  const names = Object.keys(rows[0] as T);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

const all = cases();
const text = `${JSON.stringify(
  {
    reasons: REASONS,
    usesPerRow: USES,
    tables: columns(tables()),
    disease: DIABETES,
    dates: hex(dated(MORATORIUM, LIMIT)),
    cases: columns(all.map(caseColumn)),
    modifiers: columns(modifierRows(all)),
    edges: columns(edges()),
  },
  null,
  1,
)}\n`;

if (!process.argv.includes("--check")) {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, "utf8") !== text) {
  console.error("data-use.json is out of date. Run: node test/contracts/vectors/data-use.ts");
  process.exitCode = 1;
}
