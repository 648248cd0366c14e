import type { Address } from "viem";
import type { Context } from "../context.ts";
import { eraseHere, keepTombstone, removeRecords, type Tombstone, tombstoneKey } from "./erase-here.ts";

/**
 * Carries out all known wishes for erasure anew, before anything is served: the database, the files or both may have been
 * restored from a backup that is older than a wish. Wishes stand in two places; what one of them lost the other gives
 * back. Also ends what a crash left half done.
 */
export async function reapplyErasures(context: Context): Promise<void> {
  const { db, tombstones } = context;
  for (const { key } of await tombstones.list("")) {
    const bytes = await tombstones.get(key);
    if (bytes) await writeRow(context, JSON.parse(new TextDecoder().decode(bytes)) as Tombstone);
  }
  const rows = await db.selectFrom("erasures").selectAll().execute();
  for (const { dataset, signed, records, received_at, receipt } of rows) {
    const tombstone: Tombstone = { signed, records, receivedAt: received_at };
    if (!receipt) {
      await eraseHere(context, tombstone);
      continue;
    }
    if ((await tombstones.size(tombstoneKey(signed))) === undefined) await keepTombstone(context, tombstone);
    await removeRecords(context, BigInt(dataset), records);
  }
  if (rows.length > 0) context.logger.info({ erasures: rows.length }, "erasures carried out anew");
}

async function writeRow({ db }: Context, { signed, records, receivedAt }: Tombstone): Promise<void> {
  await db
    .insertInto("erasures")
    .values({
      dataset: signed.erasure.dataset,
      subject: signed.erasure.subject.toLowerCase() as Address,
      signed: JSON.stringify(signed),
      records: JSON.stringify(records),
      received_at: receivedAt,
      receipt: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
