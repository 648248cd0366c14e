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
import { GatewayError } from "../errors/gateway-error.ts";
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
  const { appended } = await growInLine(tx, [{ gateway, entries }]);
  return appended[0]!;
}

/** What the log was after this process last appended to it; nothing rests on it but a guess. */
const lastKnown = new WeakMap<Db, Frontier>();

/**
 * In one statement, where nothing was appended since by others: another process, or a transaction of this one. Else their
 * decisions and these are put in line by the lock.
 */
async function appendParts(db: Db, parts: readonly Part[]): Promise<Appended[]> {
  const known = lastKnown.get(db);
  let growth = known && grow(known, parts);
  if (!growth || !(await store(db, growth))) {
    growth = await db.transaction().execute((tx) => growInLine(tx, parts));
  }
  lastKnown.set(db, growth.after);
  reached("log.appended");
  return growth.appended;
}

/** Locking the one row puts concurrent decisions in line, those of other processes too. */
async function growInLine(tx: Db, parts: readonly Part[]): Promise<Growth> {
  const state = await tx.selectFrom("log_state").selectAll().forUpdate().executeTakeFirstOrThrow();
  const hashes = state.frontier.map((hex) => Buffer.from(hex, "hex"));
  const growth = grow({ size: state.size, hashes }, parts);
  if (await store(tx, growth)) return growth;
  throw new GatewayError("GATEWAY_INTERNAL", "The log changed while its row was locked.");
}

/** The log with more decisions. Each part gets the position after its own last entry: what it promises is about its own. */
function grow(before: Frontier, parts: readonly Part[]): Growth {
  let after = before;
  const nodes: PerfectNode[] = [];
  const rows: Row[] = [];
  const appended = parts.map(({ gateway, entries }): Appended => {
    const first = after.size;
    const salts = randomBytes(32 * entries.length).toString("hex");
    for (const [i, entry] of entries.entries()) {
      const salt: Hex = `0x${salts.slice(64 * i, 64 * (i + 1))}`;
      const leaf = leafHash(commitEntry(salt, { ...entry, order: entry.orderId }));
      rows.push({ entry, index: after.size, salt, leaf });
      after = append(after, leaf, (node) => nodes.push(node));
    }
    return { log: { gateway, size: after.size, root: toHex(rootOf(after)) }, first };
  });
  return { before, after, rows, nodes, appended };
}

type Row = { entry: DecisionEntry; index: number; salt: Hex; leaf: Uint8Array };

type Growth = {
  before: Frontier;
  after: Frontier;
  rows: readonly Row[];
  nodes: readonly PerfectNode[];
  appended: Appended[];
};

/**
 * All that an append writes, in one statement, if the log is still what it grows from. One array for each column: a
 * parameter for each value would take longer to bind than to store.
 *
 * @returns whether it was; otherwise nothing is written
 */
async function store(db: Db, { before, after, rows, nodes, appended }: Growth): Promise<boolean> {
  const column = <T>(of: (row: Row) => T): T[] => rows.map(of);
  const heads = appended.map(({ log }) => log);
  const stored = await sql`
    with state as (
      update log_state set size = ${after.size}, frontier = ${hashesOf(after)}
      where size = ${before.size} and frontier = ${hashesOf(before)}::jsonb
      returning size
    ), rows as (
      insert into decisions (index, at, action, order_id, dataset, subject, kind, uses, reason, salt, leaf_hash)
      select * from unnest(
        ${column(({ index }) => index)}::bigint[], ${column(({ entry }) => entry.at)}::bigint[],
        ${column(({ entry }) => entry.action)}::text[], ${column(({ entry }) => entry.orderId)}::text[],
        ${column(({ entry }) => `${entry.dataset}`)}::text[], ${column(({ entry }) => entry.subject)}::text[],
        ${column(({ entry }) => entry.kind)}::int[], ${column(({ entry }) => `${entry.uses}`)}::text[],
        ${column(({ entry }) => entry.reason)}::text[], ${column(({ salt }) => salt)}::text[],
        ${column(({ leaf }) => Buffer.from(leaf))}::bytea[])
      where exists (select from state)
    ), nodes as (
      insert into log_nodes (level, index, hash)
      select * from unnest(
        ${nodes.map(({ level }) => level)}::int[], ${nodes.map(({ index }) => index)}::bigint[],
        ${nodes.map(({ hash }) => Buffer.from(hash))}::bytea[])
      where exists (select from state)
    ), heads as (
      insert into log_heads (size, root)
      select * from unnest(${heads.map(({ size }) => size)}::bigint[], ${heads.map(({ root }) => root)}::text[])
      where exists (select from state)
      on conflict do nothing
    )
    select size from state`.execute(db);
  return stored.rows.length === 1;
}

function hashesOf({ hashes }: Frontier): string {
  return JSON.stringify(hashes.map((hash) => Buffer.from(hash).toString("hex")));
}
