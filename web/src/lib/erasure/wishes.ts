import type { SignedErasure, SignedErasureReceipt } from "@salus/sdk/gateway/types";
import * as v from "valibot";
import type { Hex } from "#lib/data/types.ts";
import type { TextStore } from "#lib/transactions/store.ts";

/**
 * A person's wish to have a record erased, with the keepers' receipts so far. Kept in the browser before it is sent, so that
 * a page closed at any moment loses nothing: handing the same wish in again tells how far it is.
 */
export interface Wish {
  dataset: Hex;
  /** The person's pseudonym there. */
  subject: Hex;
  signed: SignedErasure;
  /** Checked to be the keepers' own. */
  receipts: SignedErasureReceipt[];
}

/** How far the erasure of a record is. */
export interface ErasureProgress {
  keepers: {
    name: string;
    /** Seconds since 1970; null while it has not confirmed. */
    erasedAt: number | null;
  }[];
  /** Confirmations after which nobody can open the record any more. */
  needed: number;
  erased: boolean;
}

const Text = v.string();
const Bytes = v.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]*$/i.test(value));
const Stored = v.array(
  v.object({
    dataset: Bytes,
    subject: Bytes,
    signed: v.object({
      erasure: v.object({ dataset: Text, subject: Bytes, issuedAt: v.number(), nonce: Bytes }),
      signer: Bytes,
      signature: Bytes,
    }),
    receipts: v.array(
      v.object({
        receipt: v.object({
          dataset: Text,
          subject: Bytes,
          request: Bytes,
          gateway: v.number(),
          records: v.number(),
          erasedAt: v.number(),
        }),
        signature: Bytes,
      }),
    ),
  }),
);

/** Wishes are kept per deployment: a fresh local chain must not show those of the last one. */
export function wishesKey(chainId: number, registry: string): string {
  return `salus-erasures:${chainId}:${registry}`;
}

/** Reads what was kept. Text that is not ours counts as nothing kept. */
export function loadWishes(store: TextStore, key: string): Wish[] {
  try {
    const parsed = v.safeParse(Stored, JSON.parse(store.getItem(key) ?? "[]"));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}

/** The wish about a subject's record, if this browser made one. */
export function findWish(wishes: readonly Wish[], { dataset, subject }: Pick<Wish, "dataset" | "subject">) {
  return wishes.find((wish) => same(wish.dataset, dataset) && same(wish.subject, subject));
}

/** Keeps a wish in place of the one about the same record. */
export function keepWish(store: TextStore, key: string, wish: Wish): void {
  const others = loadWishes(store, key).filter((known) => findWish([known], wish) === undefined);
  store.setItem(key, JSON.stringify([...others, wish]));
}

/** How far an erasure is, by the receipts; a threshold of keepers could open the record, one fewer cannot. */
export function progressOf(
  { receipts }: Pick<Wish, "receipts">,
  set: { keepers: readonly { number: number; name: string }[]; threshold: number },
): ErasureProgress {
  const at = new Map(receipts.map(({ receipt }) => [receipt.gateway, receipt.erasedAt]));
  const keepers = set.keepers.map(({ number, name }) => ({ name, erasedAt: at.get(number) ?? null }));
  const needed = keepers.length - set.threshold + 1;
  return { keepers, needed, erased: keepers.filter(({ erasedAt }) => erasedAt !== null).length >= needed };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
