import { sql } from "kysely";
import type { Db } from "../database/connect.ts";

/** What waits in the durable queue. */
export type QueueState = {
  /** tasks whose time has come and that nobody works on yet */
  due: number;
  /** tasks that are being worked on */
  running: number;
  /** tasks that failed for the last time */
  dead: number;
  /** seconds that the oldest due task has waited; 0 for none */
  oldest: number;
};

/** Looks at the queue of all replicas together. @throws pg's error */
export async function readQueueState(db: Db): Promise<QueueState> {
  const { rows } = await sql<{ due: string; running: string; dead: string; oldest: string | null }>`
    select
      count(*) filter (where locked_at is null and run_at <= now() and attempts < max_attempts) as due,
      count(*) filter (where locked_at is not null) as running,
      count(*) filter (where locked_at is null and attempts >= max_attempts) as dead,
      extract(epoch from now() - min(run_at) filter (
        where locked_at is null and run_at <= now() and attempts < max_attempts)) as oldest
    from graphile_worker.jobs`.execute(db);
  const { due, running, dead, oldest } = rows[0]!;
  return {
    due: Number(due),
    running: Number(running),
    dead: Number(dead),
    oldest: Math.max(0, Number(oldest ?? 0)),
  };
}
