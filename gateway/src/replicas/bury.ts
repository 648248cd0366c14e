import { sql } from "kysely";
import type { Db } from "../database/connect.ts";

/**
 * Frees what replicas that ended without a word have left locked, and forgets them. A replica lives as long as the
 * database holds its lock; those that live are not touched, and several may do this at once.
 *
 * @returns how many had ended
 */
export async function buryReplicas(db: Db): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: number }>`
      select id from replicas where pg_try_advisory_xact_lock(hashtextextended('salus:replica:' || id, 0))`.execute(
      tx,
    );
    const dead = rows.map(({ id }) => id);
    if (dead.length > 0) {
      await tx.deleteFrom("worker_pools").where("replica", "in", dead).execute();
      await tx.deleteFrom("replicas").where("id", "in", dead).execute();
    }
    // A pool is written down before its first task: one that is not is of the dead.
    await sql`
      select graphile_worker.force_unlock_workers(array(
        select distinct locked_by from graphile_worker.jobs
        where locked_by is not null and locked_by not in (select pool from worker_pools)))`.execute(tx);
    return dead.length;
  });
}

/** Writes down which replica a pool of workers belongs to. */
export async function claimPool(db: Db, pool: string, replica: number): Promise<void> {
  await db
    .insertInto("worker_pools")
    .values({ pool, replica })
    .onConflict((conflict) => conflict.column("pool").doUpdateSet({ replica }))
    .execute();
}
