import { createHash, randomBytes } from "node:crypto";
import type { Address, Hex } from "viem";
import type { LogPosition } from "@salus/sdk/gateway/types";
import { canonicalJson } from "@salus/sdk/records/canonical-json";
import type { Db } from "../database/connect.ts";
import type { Action } from "../policy/facts.ts";
import type { Reason } from "../policy/reasons.ts";
import { append, type Frontier, leafHash, rootOf } from "./tree.ts";

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

/** Rows that one insert carries; PostgreSQL allows 65,535 parameters a statement. */
const ROWS_AT_ONCE = 2000;

/**
 * Appends decisions to the transparency log, durably, and gives the position after them. A leaf is a salted commitment,
 * SHA-256(salt ‖ canonical JSON of the entry), so that the log shows nothing to who does not hold the salt.
 */
export async function appendDecisions(
  db: Db,
  gateway: number,
  entries: readonly DecisionEntry[],
): Promise<LogPosition> {
  return db.transaction().execute(async (tx) => {
    // Locking the one row puts concurrent decisions in line.
    const state = await tx.selectFrom("log_state").selectAll().forUpdate().executeTakeFirstOrThrow();
    let frontier: Frontier = {
      size: state.size,
      hashes: state.frontier.map((hex) => Buffer.from(hex, "hex")),
    };
    const rows = entries.map((entry) => {
      const salt = randomBytes(32);
      const leaf = Buffer.from(leafHash(commitEntry(salt, entry)));
      const index = frontier.size;
      frontier = append(frontier, leaf);
      return toRow(index, entry, salt, leaf);
    });
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      await tx
        .insertInto("decisions")
        .values(rows.slice(at, at + ROWS_AT_ONCE))
        .execute();
    }
    const root: Hex = `0x${Buffer.from(rootOf(frontier)).toString("hex")}`;
    const hashes = frontier.hashes.map((hash) => Buffer.from(hash).toString("hex"));
    await tx
      .updateTable("log_state")
      .set({ size: frontier.size, frontier: JSON.stringify(hashes) })
      .execute();
    await tx
      .insertInto("log_heads")
      .values({ size: frontier.size, root })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return { gateway, size: frontier.size, root };
  });
}

/** The commitment to one entry that stands in the log. */
export function commitEntry(salt: Uint8Array, entry: DecisionEntry): Uint8Array {
  const { at, action, orderId, dataset, subject, kind, uses, reason } = entry;
  const plain = { at, action, order: orderId, dataset: `${dataset}`, subject, kind, uses: `${uses}`, reason };
  return createHash("sha256").update(salt).update(canonicalJson(plain)).digest();
}

function toRow(index: number, entry: DecisionEntry, salt: Buffer, leaf: Buffer) {
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
    salt: `0x${salt.toString("hex")}` as Hex,
    leaf_hash: leaf,
  };
}
