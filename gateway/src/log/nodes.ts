import { sql } from "kysely";
import type { Db } from "../database/connect.ts";
import type { PerfectNode } from "@salus/sdk/log/frontier";
import { nodeName, type NodeReader } from "./proofs.ts";

type Row = { level: number; index: number; hash: Buffer };

/** Reads nodes of the log's tree from the database, with one query. Leaves stand with their decisions. */
export function nodeReader(db: Db): NodeReader {
  return async (keys) => {
    const leaves = keys.filter(({ level }) => level === 0).map(({ index }) => index);
    const inner = keys.filter(({ level }) => level > 0);
    const { rows } = await sql<Row>`
      select 0 as level, index, leaf_hash as hash from decisions where index = any(${leaves}::bigint[])
      union all
      select nodes.level, nodes.index, nodes.hash from log_nodes nodes
      join unnest(${inner.map(({ level }) => level)}::int[], ${inner.map(({ index }) => index)}::bigint[])
        as wanted(level, index) on nodes.level = wanted.level and nodes.index = wanted.index`.execute(db);
    return new Map(rows.map((row) => [nodeName(row), new Uint8Array(row.hash)]));
  };
}

/** Stores nodes that new leaves completed. They never change again. */
export async function storeNodes(db: Db, nodes: readonly PerfectNode[]): Promise<void> {
  if (nodes.length === 0) return;
  const levels = nodes.map(({ level }) => level);
  const indexes = nodes.map(({ index }) => index);
  const hashes = nodes.map(({ hash }) => Buffer.from(hash));
  await sql`
    insert into log_nodes (level, index, hash)
    select * from unnest(${levels}::int[], ${indexes}::bigint[], ${hashes}::bytea[])`.execute(db);
}
