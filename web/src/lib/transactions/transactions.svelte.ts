import { WebError, toErrorView } from "#lib/errors.ts";
import { readInclusion, type Inclusion } from "#lib/rpc.ts";
import {
  afterReload,
  hasEnded,
  withIndexHead,
  type Outcome,
  type TrackedTransaction,
  type WatchedSlot,
} from "./model.ts";
import { loadTransactions, saveTransactions, type TextStore } from "./store.ts";

/** What an action tells the tracker while it runs. */
export interface Progress {
  /** The change was handed over; its hash when it is already known. */
  sent(hash?: `0x${string}`): void;
}

interface Options {
  store: TextStore;
  key: string;
  fetcher: typeof fetch;
  /** Tells in which block a slot's counter passed a number; null while it did not. */
  readSlotBlock: (slot: WatchedSlot) => Promise<number | null>;
}

/** How often a sent transaction is looked up, in ms. */
const POLL_MS = 2000;

/** Thrown by an action when the person declined to confirm. */
export class Declined extends Error {}

/**
 * Follows every change that a person makes, from "waiting for you" to "showing in your records", through reloads.
 * One instance per visitor, held in context.
 */
export class Transactions {
  list = $state.raw<readonly TrackedTransaction[]>([]);
  readonly #options: Options;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Takes up what an earlier page left, and follows what is still under way. */
  resume(): void {
    const interrupted = new WebError("WEB_INTERRUPTED").view();
    this.#set(
      loadTransactions(this.#options.store, this.#options.key).map((one) => afterReload(one, interrupted)),
    );
    this.#schedule(0);
  }

  /** Stops following; nothing is forgotten. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  get(id: string): TrackedTransaction | undefined {
    return this.list.find((one) => one.id === id);
  }

  /**
   * Runs a change and follows it. `action` confirms with the person, calls `progress.sent` when it handed the
   * change over, and returns the hash (and the block where it already knows it) or what else to watch.
   * @returns the change as it stands; it never throws, what went wrong is in it
   */
  async track(
    about: { label: string; href: string; atOnce?: boolean },
    action: (progress: Progress) => Promise<Outcome>,
  ): Promise<TrackedTransaction> {
    const id = crypto.randomUUID();
    this.#set([{ id, ...about, state: "waiting", startedAt: Date.now() }, ...this.list]);
    try {
      const outcome = await action({
        sent: (hash) => this.#update(id, { state: "sent", ...(hash && { hash }) }),
      });
      const known = "hash" in outcome && outcome.block !== undefined;
      this.#update(id, { ...outcome, state: known ? "confirmed" : "sent" });
    } catch (thrown) {
      const declined = thrown instanceof Declined;
      const error = declined ? new WebError("WEB_REJECTED").view() : toErrorView(thrown);
      this.#update(id, { state: declined ? "rejected" : "failed", error });
    }
    this.#schedule(0);
    return this.get(id) as TrackedTransaction;
  }

  /** Tells which block the index has read. */
  seeIndexHead(indexHead: number | null): void {
    const next = this.list.map((one) => withIndexHead(one, indexHead));
    if (next.some((one, index) => one !== this.list[index])) this.#set(next);
  }

  /** Takes an ended transaction off the list. */
  dismiss(id: string): void {
    this.#set(this.list.filter((one) => one.id !== id || !hasEnded(one)));
  }

  #update(id: string, change: Partial<TrackedTransaction>): void {
    this.#set(this.list.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  #set(list: readonly TrackedTransaction[]): void {
    this.list = list;
    saveTransactions(this.#options.store, this.#options.key, list);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.list.some(isFollowed)) return;
    this.#timer = setTimeout(() => void this.#poll(), delay);
  }

  async #poll(): Promise<void> {
    for (const one of this.list) {
      if (isFollowed(one)) await this.#lookUp(one);
    }
    this.#schedule(POLL_MS);
  }

  async #lookUp({ id, hash, slot }: TrackedTransaction): Promise<void> {
    let found: Inclusion | null;
    try {
      found = hash ? await readInclusion(this.#options.fetcher, hash) : await this.#slotInclusion(slot!);
    } catch {
      return; // The record book does not answer now: the change stays "sent" and is looked up again.
    }
    if (!found) return;
    const { block, succeeded } = found;
    if (succeeded) this.#update(id, { state: "confirmed", block });
    else this.#update(id, { state: "failed", block, error: new WebError("WEB_REVERTED").view() });
  }

  async #slotInclusion(slot: WatchedSlot): Promise<Inclusion | null> {
    const block = await this.#options.readSlotBlock(slot);
    return block === null ? null : { block, succeeded: true };
  }
}

function isFollowed({ state, hash, slot }: TrackedTransaction): boolean {
  return state === "sent" && (hash !== undefined || slot !== undefined);
}
