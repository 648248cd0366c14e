import type { ErrorView } from "#lib/errors.ts";

/**
 * Where a change stands. `waiting`: the person has not confirmed; `sent`: handed over; `confirmed`: in a block;
 * `shown`: the index has it, so every page shows it; `rejected`: the person said no; `failed`: it was refused or lost.
 */
export type TransactionState = "waiting" | "sent" | "confirmed" | "shown" | "rejected" | "failed";

/** A consent slot whose counter tells when a relayed change is on record: its transaction is the relay's own. */
export interface WatchedSlot {
  /** The dataset's id, 32 bytes. */
  dataset: `0x${string}`;
  subject: `0x${string}`;
  /** On record once the counter is above this. */
  above: number;
}

/** What an action knows of its change when it is done: a transaction, or a slot to watch. */
export type Outcome = { hash: `0x${string}`; block?: number } | { slot: WatchedSlot };

/** One change that a person makes, as it is kept in the browser. */
export interface TrackedTransaction {
  id: string;
  /** What it does, in the words of the page that started it: "Stop sharing with Northfield". */
  label: string;
  state: TransactionState;
  /** Page to go back to. */
  href: string;
  /** ms since 1970. */
  startedAt: number;
  /** Transaction hash, once known. */
  hash?: `0x${string}`;
  /** What is watched instead of a transaction. */
  slot?: WatchedSlot;
  /** It has its effect from `sent` on. */
  atOnce?: boolean;
  /** Block that holds it. */
  block?: number;
  error?: ErrorView;
}

/** The steps that a transaction goes through, in order. */
export const STEPS = ["waiting", "sent", "confirmed", "shown"] as const;

const ENDED: readonly TransactionState[] = ["shown", "rejected", "failed"];

/** True when nothing more will happen by itself. */
export function hasEnded(transaction: TrackedTransaction): boolean {
  return ENDED.includes(transaction.state);
}

/**
 * What a stored transaction has become after a reload. One that waited for the person was never sent;
 * one without a hash was handed over, but what became of it is unknown here, so it is looked up again later.
 */
export function afterReload(transaction: TrackedTransaction, interrupted: ErrorView): TrackedTransaction {
  return transaction.state === "waiting"
    ? { ...transaction, state: "failed", error: interrupted }
    : transaction;
}

/** Moves a confirmed transaction on once the index has read its block. */
export function withIndexHead(transaction: TrackedTransaction, indexHead: number | null): TrackedTransaction {
  const { state, block } = transaction;
  const shown = state === "confirmed" && block !== undefined && indexHead !== null && indexHead >= block;
  return shown ? { ...transaction, state: "shown" } : transaction;
}
