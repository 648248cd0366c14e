import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "./hunt.ts";

/** The committed list of survivors, relative to the project. */
export const SURVIVORS = "test/contracts/mutants/survivors.json";

/** Why a mutant lives. One that behaves as the contract does can be noticed by no test and leaves the count. */
export interface Excuse {
  reason: string;
  equivalent: boolean;
}

export type Excuses = Record<string, Excuse>;

/** The committed list: a mutant's key → why it lives. */
export function readExcuses(root: string): Excuses {
  return JSON.parse(readFileSync(join(root, SURVIVORS), "utf8")) as Excuses;
}

export interface Score {
  mutants: number;
  killed: number;
  /** survivors that the list calls equivalent */
  equivalent: number;
  /** killed ÷ (mutants − equivalent), in percent */
  percent: number;
  /** keys of survivors without an entry in the list */
  unlisted: string[];
  /** keys of the list that a test noticed: their entries can go */
  noticed: string[];
}

/** What the verdicts come to. */
export function scoreOf(verdicts: readonly Verdict[], excuses: Excuses): Score {
  const alive = verdicts.filter(({ killer }) => killer === undefined).map(({ mutant }) => mutant.key);
  const killed = verdicts.filter(({ killer }) => killer !== undefined).map(({ mutant }) => mutant.key);
  const equivalent = alive.filter((key) => excuses[key]?.equivalent).length;
  const counted = verdicts.length - equivalent;
  return {
    mutants: verdicts.length,
    killed: killed.length,
    equivalent,
    percent: counted === 0 ? 100 : (100 * killed.length) / counted,
    unlisted: alive.filter((key) => !excuses[key]),
    noticed: killed.filter((key) => excuses[key]),
  };
}
