import { randomBytes } from "node:crypto";
import type { Address, Hex } from "viem";
import { toHex } from "@salus/sdk/crypto/bytes";
import type { LogPosition } from "@salus/sdk/gateway/types";
import { commitEntry } from "@salus/sdk/log/entry";
import { append, type Frontier, type PerfectNode, rootOf } from "@salus/sdk/log/frontier";
import { leafHash } from "@salus/sdk/log/hashes";
import { sql } from "kysely";
import { inBatches } from "../batching/together.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import type { Action } from "../policy/facts.ts";
import type { Reason } from "../policy/reasons.ts";

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

/** What one caller appends. */
type Part = { gateway: number; entries: readonly DecisionEntry[] };

const appenders = new WeakMap<Db, (part: Part) => Promise<Appended>>();

/**
 * Appends decisions to the transparency log, durably, and gives the position after them. A leaf is a salted commitment
 * (`commitEntry`), so that the log shows nothing to who does not hold the salt. Decisions of requests that come while an
 * append is under way go together into the next: the disk is waited for once.
 */
export function appendDecisions(
  db: Db,
  gateway: number,
  entries: readonly DecisionEntry[],
): Promise<Appended> {
  let append = appenders.get(db);
  if (!append) appenders.set(db, (append = inBatches((parts: readonly Part[]) => appendParts(db, parts))));
  return append({ gateway, entries });
}

/** {@link appendDecisions} as a part of a transaction: the decisions last when it does. */
export async function appendWithin(
  tx: Db,
  gateway: number,
  entries: readonly DecisionEntry[],
): Promise<Appended> {
  const [appended] = await appendAll(tx, [{ gateway, entries }]);
  return appended!;
}

async function appendParts(db: Db, parts: readonly Part[]): Promise<Appended[]> {
  const appended = await db.transaction().execute((tx) => appendAll(tx, parts));
  reached("log.appended");
  return appended;
}

/** Each part gets the position after its own last entry: what it promises is about its own. */
async function appendAll(tx: Db, parts: readonly Part[]): Promise<Appended[]> {
  // Locking the one row puts concurrent decisions in line, those of other processes too.
  const state = await tx.selectFrom("log_state").selectAll().forUpdate().executeTakeFirstOrThrow();
  let frontier: Frontier = {
    size: state.size,
    hashes: state.frontier.map((hex) => Buffer.from(hex, "hex")),
  };
  const nodes: PerfectNode[] = [];
  const rows: Row[] = [];
  const appended = parts.map(({ gateway, entries }): Appended => {
    const first = frontier.size;
    const salts = randomBytes(32 * entries.length).toString("hex");
    for (const [i, entry] of entries.entries()) {
      const salt: Hex = `0x${salts.slice(64 * i, 64 * (i + 1))}`;
      const leaf = leafHash(commitEntry(salt, { ...entry, order: entry.orderId }));
      rows.push({ entry, index: frontier.size, salt, leaf });
      frontier = append(frontier, leaf, (node) => nodes.push(node));
    }
    return { log: { gateway, size: frontier.size, root: toHex(rootOf(frontier)) }, first };
  });
  await store(tx, { rows, nodes, frontier, heads: appended.map(({ log }) => log) });
  return appended;
}

type Row = { entry: DecisionEntry; index: number; salt: Hex; leaf: Uint8Array };

type Growth = {
  rows: readonly Row[];
  nodes: readonly PerfectNode[];
  frontier: Frontier;
  heads: readonly Pick<LogPosition, "size" | "root">[];
};

/**
 * All that an append writes, in one statement. One array for each column: a parameter for each value would take longer to
 * bind than to store.
 */
async function store(tx: Db, { rows, nodes, frontier, heads }: Growth): Promise<void> {
  const column = <T>(of: (row: Row) => T): T[] => rows.map(of);
  const hashes = JSON.stringify(frontier.hashes.map((hash) => Buffer.from(hash).toString("hex")));
  await sql`
    with rows as (
      insert into decisions (index, at, action, order_id, dataset, subject, kind, uses, reason, salt, leaf_hash)
      select * from unnest(
        ${column(({ index }) => index)}::bigint[], ${column(({ entry }) => entry.at)}::bigint[],
        ${column(({ entry }) => entry.action)}::text[], ${column(({ entry }) => entry.orderId)}::text[],
        ${column(({ entry }) => `${entry.dataset}`)}::text[], ${column(({ entry }) => entry.subject)}::text[],
        ${column(({ entry }) => entry.kind)}::int[], ${column(({ entry }) => `${entry.uses}`)}::text[],
        ${column(({ entry }) => entry.reason)}::text[], ${column(({ salt }) => salt)}::text[],
        ${column(({ leaf }) => Buffer.from(leaf))}::bytea[])
    ), nodes as (
      insert into log_nodes (level, index, hash)
      select * from unnest(
        ${nodes.map(({ level }) => level)}::int[], ${nodes.map(({ index }) => index)}::bigint[],
        ${nodes.map(({ hash }) => Buffer.from(hash))}::bytea[])
    ), heads as (
      insert into log_heads (size, root)
      select * from unnest(${heads.map(({ size }) => size)}::bigint[], ${heads.map(({ root }) => root)}::text[])
      on conflict do nothing
    )
    update log_state set size = ${frontier.size}, frontier = ${hashes}`.execute(tx);
}
