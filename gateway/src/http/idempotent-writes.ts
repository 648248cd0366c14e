import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** An answer as it was given. */
export type KeptAnswer = { status: number; content_type: string | null; body: Buffer | null };

/** Seconds for which an answer is given again. */
export const KEPT_SECONDS = 24 * 3600;

/**
 * Claims a write for this process, or gives the answer that it had.
 *
 * @param id of the caller's key
 * @param fingerprint of the request
 * @throws GATEWAY_IDEMPOTENCY_KEY_REUSED, GATEWAY_WRITE_UNDER_WAY
 */
export async function claimWrite(
  { db, replica, now }: Pick<Context, "db" | "replica" | "now">,
  id: string,
  fingerprint: string,
): Promise<KeptAnswer | undefined> {
  const row = { id, fingerprint, replica: replica.id(), status: null, content_type: null, body: null };
  return db.transaction().execute(async (tx) => {
    const inserted = await tx
      .insertInto("idempotent_writes")
      .values({ ...row, expires_at: now() + KEPT_SECONDS })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return undefined;
    const known = await tx
      .selectFrom("idempotent_writes")
      .selectAll()
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    // Swept, or refused and forgotten, in this very moment.
    if (!known) throw underWay();
    if (known.fingerprint !== fingerprint) {
      throw new GatewayError(
        "GATEWAY_IDEMPOTENCY_KEY_REUSED",
        "This idempotency-key belongs to another request.",
      );
    }
    if (known.status !== null) return { ...known, status: known.status };
    if (!(await hasEnded(tx, known.replica))) throw underWay();
    // Whoever was at it was killed: it is carried out again, here.
    await tx.updateTable("idempotent_writes").set({ replica: replica.id() }).where("id", "=", id).execute();
    return undefined;
  });
}

/** Keeps a success, before it is sent. */
export async function keepAnswer({ db }: Pick<Context, "db">, id: string, answer: KeptAnswer): Promise<void> {
  await db.updateTable("idempotent_writes").set(answer).where("id", "=", id).execute();
}

/** A write that did not succeed may be tried again. */
export async function forgetWrite({ db }: Pick<Context, "db">, id: string): Promise<void> {
  await db.deleteFrom("idempotent_writes").where("id", "=", id).execute();
}

/** Forgets old answers. */
export async function sweepWrites(db: Db, now: number): Promise<void> {
  await db.deleteFrom("idempotent_writes").where("expires_at", "<", now).execute();
}

/** A replica lives as long as the database holds its lock, see replicas/replica.ts. */
async function hasEnded(tx: Db, replica: number): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('salus:replica:' || ${replica}::int, 0)) as ended`.execute(
    tx,
  );
  return rows[0]!.ended;
}

function underWay(): GatewayError {
  return new GatewayError(
    "GATEWAY_WRITE_UNDER_WAY",
    "The first request with this idempotency-key is under way.",
  );
}
