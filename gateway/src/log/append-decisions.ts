import { randomBytes } from "node:crypto";
import type { Address, Hex } from "viem";
import { fromHex, toHex } from "@salus/sdk/crypto/bytes";
import type { LogPosition } from "@salus/sdk/gateway/types";
import { entryLeaf } from "@salus/sdk/log/entry";
import { append, type Frontier, type PerfectNode, rootOf } from "@salus/sdk/log/frontier";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import type { Action } from "../policy/facts.ts";
import type { Reason } from "../policy/reasons.ts";
import { storeNodes } from "./nodes.ts";

/** One decision, before it has a place in the log. `subject` is null for the order as a whole. */
export type DecisionEntry = {
  at: number;
  action: Action;
  orderId: Hex;
  dataset: bigint;
  subject: Address | null;
  kind: number;
  uses: bigint;
  reason: Reason;
};

/** The log's position after an append, and the place of the first of the new entries. */
export type Appended = { log: LogPosition; first: number };

/** Rows that one insert carries; PostgreSQL allows 65,535 parameters a statement. */
const ROWS_AT_ONCE = 2000;

/**
 * Appends decisions to the transparency log, durably, and gives the position after them. A leaf is a salted commitment
 * (`commitEntry`), so that the log shows nothing to who does not hold the salt.
 */
export async function appendDecisions(
  db: Db,
  gateway: number,
  entries: readonly DecisionEntry[],
): Promise<Appended> {
  const appended = await db.transaction().execute((tx) => appendWithin(tx, gateway, entries));
  reached("log.appended");
  return appended;
}

/** {@link appendDecisions} as a part of a transaction: the decisions last when it does. */
export async function appendWithin(
  tx: Db,
  gateway: number,
  entries: readonly DecisionEntry[],
): Promise<Appended> {
  // Locking the one row puts concurrent decisions in line, those of other processes too.
  const state = await tx.selectFrom("log_state").selectAll().forUpdate().executeTakeFirstOrThrow();
  let frontier: Frontier = {
    size: state.size,
    hashes: state.frontier.map((hex) => Buffer.from(hex, "hex")),
  };
  const nodes: PerfectNode[] = [];
  const rows = entries.map((entry) => {
    const salt = toHex(randomBytes(32));
    const leaf = Buffer.from(fromHex(entryLeaf(salt, { ...entry, order: entry.orderId }), 32, "leaf"));
    const index = frontier.size;
    frontier = append(frontier, leaf, (node) => nodes.push(node));
    return toRow(index, entry, salt, leaf);
  });
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await tx
      .insertInto("decisions")
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
  }
  await storeNodes(tx, nodes);
  const root = toHex(rootOf(frontier));
  await storeFrontier(tx, frontier, root);
  return { log: { gateway, size: frontier.size, root }, first: state.size };
}

async function storeFrontier(tx: Db, { size, hashes }: Frontier, root: Hex): Promise<void> {
  const frontier = JSON.stringify(hashes.map((hash) => Buffer.from(hash).toString("hex")));
  await tx.updateTable("log_state").set({ size, frontier }).execute();
  await tx
    .insertInto("log_heads")
    .values({ size, root })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function toRow(index: number, entry: DecisionEntry, salt: Hex, leaf: Buffer) {
  return {
    index,
    at: entry.at,
    action: entry.action,
    order_id: entry.orderId,
    dataset: entry.dataset.toString(),
    subject: entry.subject,
    kind: entry.kind,
    uses: entry.uses.toString(),
    reason: entry.reason,
    salt,
    leaf_hash: leaf,
  };
}
