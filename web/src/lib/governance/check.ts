import type { Hex } from "#lib/data/types.ts";
import type { ErrorView } from "#lib/errors.ts";

/** A proposed call as a person reads it. */
export interface CallView {
  /** What it does, in a sentence. */
  words: string;
  target: Hex;
  /** The contract's name; null for one that is not part of Salus. */
  contract: string | null;
  functionName: string | null;
  args: { name: string; type: string; value: string }[];
  data: Hex;
  /** Of the chain's own coin, in its smallest unit, decimal digits. */
  value: string;
}

/** A setting that calls would change. */
export interface EffectView {
  name: string;
  before: string;
  after: string;
  affects: string;
}

/** What calls would do if they were carried out now, found by running them on a copy of the chain's state. */
export interface CheckView {
  calls: CallView[];
  effects: EffectView[];
  /** The call that the contracts would refuse, and why; the whole proposal fails with it. */
  refused: { call: number; error: ErrorView } | null;
  /** Calls to addresses that hold no contract, which do nothing. */
  empty: number[];
  /** What the contracts would record, in words of their own. */
  events: string[];
}

/** What calls would do, or why that cannot be told now. */
export type CheckResult = { ok: true; data: CheckView } | { ok: false; error: ErrorView };
