import type { Order } from "@salus/sdk/types";
import type { Hex } from "#lib/data/types.ts";
import { transact } from "#lib/storage/transact.ts";

/**
 * What only the buyer's own browser holds of an order: without it a paid job cannot be handed over, and its result
 * cannot be opened. Written before the payment is sent, so that a page closed at any moment loses nothing.
 */
export interface JournalEntry {
  id: Hex;
  order: Order;
  /** title of what was ordered, for the time until the index has it */
  title: string;
  /** analysis and training: the job in full */
  spec?: unknown;
  /** salt of the job commitment; a download has none */
  salt?: Hex;
  /** model use: the input, already sealed to the executor */
  sealedInput?: Uint8Array;
  /** opens what is sealed to the buyer; the private key cannot be read out of the browser */
  recipientKey: CryptoKeyPair;
  /** text and salt behind the order's project digest */
  project: { text: string; salt: Hex };
  /** ms since 1970 */
  createdAt: number;
}

const TABLE = { database: "salus-orders", store: "orders" } as const;

/** Keeps an entry. @throws WEB_STORAGE */
export async function keepEntry(entry: JournalEntry): Promise<void> {
  await transact(indexedDB, TABLE, "readwrite", (store) => store.put(entry, entry.id));
}

/** The entry of an order, if this browser placed it. @throws WEB_STORAGE */
export function findEntry(id: Hex): Promise<JournalEntry | undefined> {
  return transact(indexedDB, TABLE, "readonly", (store) => store.get(id));
}

/** Every order that this browser placed. @throws WEB_STORAGE */
export function allEntries(): Promise<JournalEntry[]> {
  return transact(indexedDB, TABLE, "readonly", (store) => store.getAll());
}
