import * as v from "valibot";
import type { TrackedTransaction } from "./model.ts";

/** How many ended transactions are kept for the person to look back at. */
const KEEP = 30;

const hexOf = (bytes: number) => {
  const pattern = new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`, "i");
  return v.custom<`0x${string}`>((value) => typeof value === "string" && pattern.test(value));
};
const Hash = hexOf(32);
const Address = hexOf(20);
const Stored = v.array(
  v.object({
    id: v.string(),
    label: v.string(),
    state: v.picklist(["waiting", "sent", "confirmed", "shown", "rejected", "failed"]),
    href: v.string(),
    startedAt: v.number(),
    hash: v.optional(Hash),
    slot: v.optional(v.object({ dataset: Hash, subject: Address, above: v.number() })),
    atOnce: v.optional(v.boolean()),
    block: v.optional(v.number()),
    error: v.optional(
      v.object({
        code: v.string(),
        message: v.string(),
        hint: v.string(),
        retry: v.optional(v.boolean()),
        detail: v.optional(v.string()),
      }),
    ),
  }),
);

/** The part of `localStorage` that is needed, so that tests can pass their own. */
export type TextStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Transactions are kept per chain: a fresh local chain must not show those of the last one. */
export function storeKey(chainId: number, deployment: string): string {
  return `salus-transactions:${chainId}:${deployment}`;
}

/** Reads what was kept. Text that is not ours (an older shape, another program) counts as nothing kept. */
export function loadTransactions(store: TextStore, key: string): TrackedTransaction[] {
  const text = store.getItem(key);
  if (text === null) return [];
  try {
    const parsed = v.safeParse(Stored, JSON.parse(text));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}

/** Keeps the newest transactions. */
export function saveTransactions(store: TextStore, key: string, list: readonly TrackedTransaction[]): void {
  store.setItem(key, JSON.stringify(list.slice(0, KEEP)));
}
