import { sql } from "kysely";
import { type Address, type Hex, TransactionReceiptNotFoundError } from "viem";
import type { SalusReader } from "@salus/sdk/chain/client";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";

/** A transaction that the operator pays for somebody's word. */
export type Relayed = {
  /** names the word: it is relayed once */
  word: string;
  kind: string;
  dataset: bigint;
  subject: Address;
};

/** Words that go on above the day's gas, of one subject only so many a day: they stop something. */
const STOPPING: readonly string[] = ["Revocation", "Contest again"];

/** Seconds over which gas is summed. */
const DAY = 86_400;

/** Seconds after which a word that was about to be sent, and never was said to be, may be sent again. */
const FORGOTTEN = 600;

/**
 * The transaction of a word that was relayed already. One that a reorganisation took away is none: the word goes again.
 *
 * @throws GATEWAY_RELAY_RUNNING while it is on its way
 */
export async function findRelayed(context: Context, word: string): Promise<Hex | undefined> {
  const { db, now, chain } = context;
  const row = await db
    .selectFrom("relays")
    .select(["transaction", "at", "gas"])
    .where("word", "=", word)
    .executeTakeFirst();
  if (!row) return undefined;
  const { transaction, gas } = row;
  if (!transaction) {
    if (row.at > now() - FORGOTTEN) throw running();
    return undefined;
  }
  if (await isInChain(chain.reader, transaction)) return transaction;
  await settleGas(context, word, { gas, transaction, refused: true });
  return undefined;
}

async function isInChain({ publicClient }: SalusReader, hash: Hex): Promise<boolean> {
  try {
    await publicClient.getTransactionReceipt({ hash });
    return true;
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return false;
    throw error;
  }
}

/**
 * Sets gas aside for a transaction, in one line with all replicas: whoever comes second sees what the first took.
 *
 * Revocations go on above the day's gas: nobody else's words may stand in their way. Of one subject's only so many a day
 * are sent; one reaches as far as all before it, so the others can wait. So does an objection to a take-over that a
 * reorganisation took away: its gas was counted when it was sent first.
 *
 * @throws GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING
 */
export async function reserveGas(context: Context, about: Relayed, gas: number): Promise<void> {
  const { db, now } = context;
  const subject = about.subject.toLowerCase() as Address;
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('salus.relay'))`.execute(tx);
    if (STOPPING.includes(about.kind)) await assertFew(tx, { ...about, subject }, now());
    else await assertWithin(context, tx, { ...about, subject }, gas);
    const row = {
      word: about.word,
      kind: about.kind,
      dataset: about.dataset.toString(),
      subject,
      gas,
      at: now(),
    };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("relays")
      .values({ ...row, transaction: null })
      .onConflict((conflict) =>
        conflict
          .column("word")
          .doUpdateSet({ gas, at: row.at })
          .where("relays.transaction", "is", null)
          .where("relays.at", "<=", row.at - FORGOTTEN),
      )
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) throw running();
  });
}

/** Writes down what a transaction used. One that was refused in its block is paid too; its word may be tried again. */
export async function settleGas(
  { db }: Context,
  word: string,
  { gas, transaction, refused }: { gas: number; transaction: Hex; refused: boolean },
): Promise<void> {
  const done = refused ? { word: `${word}:${transaction}`, gas, transaction } : { gas, transaction };
  await db.updateTable("relays").set(done).where("word", "=", word).execute();
}

/** Gives back what was set aside for a transaction that was never sent. */
export async function returnGas({ db }: Context, word: string): Promise<void> {
  await db.deleteFrom("relays").where("word", "=", word).where("transaction", "is", null).execute();
}

/** Forgets what no sum counts any more. The registries' own nonces refuse what is older. */
export async function sweepRelays({ db, now }: Context): Promise<void> {
  await db
    .deleteFrom("relays")
    .where("at", "<", now() - 2 * DAY)
    .execute();
}

async function assertWithin(
  { environment, now }: Context,
  tx: Db,
  about: Relayed,
  gas: number,
): Promise<void> {
  const { aDay, aSubject } = environment.relayGas;
  const since = now() - DAY;
  // Revocations count, so that the operator's purse is what the table says; they are never refused for it.
  const all = await spent(tx, since);
  if (all.gas + gas > aDay)
    throw exhausted("The operator's gas for a day is used up.", all.oldest + DAY - now());
  const own = await spent(tx, since, about);
  if (own.gas + gas > aSubject) {
    throw exhausted("The gas for one subject and day is used up.", own.oldest + DAY - now());
  }
}

async function assertFew(tx: Db, { dataset, subject, kind }: Relayed, now: number): Promise<void> {
  const { count, oldest } = await spent(tx, now - DAY, { dataset, subject, kind });
  if (count < LIMIT.revocationsADay) return;
  throw exhausted(
    "The subject's revocations of a day are sent; this one waits its turn.",
    oldest + DAY - now,
  );
}

async function spent(
  tx: Db,
  since: number,
  of?: { dataset: bigint; subject: Address; kind?: string },
): Promise<{ gas: number; count: number; oldest: number }> {
  let query = tx
    .selectFrom("relays")
    .select((row) => [
      row.fn.coalesce(row.fn.sum<string>("gas"), row.lit(0)).as("gas"),
      row.fn.countAll<number>().as("count"),
      row.fn.min("at").as("oldest"),
    ])
    .where("at", ">", since);
  if (of) query = query.where("dataset", "=", of.dataset.toString()).where("subject", "=", of.subject);
  if (of?.kind) query = query.where("kind", "=", of.kind);
  const { gas, count, oldest } = await query.executeTakeFirstOrThrow();
  return { gas: Number(gas), count: Number(count), oldest: oldest === null ? since : Number(oldest) };
}

function exhausted(message: string, wait: number): GatewayError {
  return new GatewayError("GATEWAY_RELAY_BUDGET", message, { retryAfter: Math.max(1, wait) });
}

function running(): GatewayError {
  return new GatewayError("GATEWAY_RELAY_RUNNING", "The same word is on its way to the chain.");
}
