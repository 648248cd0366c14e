import type { Manifest, ManifestEntry } from "@salus/sdk/records/manifest";
import type { Db } from "../database/connect.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { invalid } from "./file-invalid.ts";

const ROWS_AT_ONCE = 5000;

/** The custodian runs jobs, so it needs every ciphertext. @throws GATEWAY_FILE_MISSING naming a record */
export async function assertCiphertexts(db: Db, needed: readonly ManifestEntry[]): Promise<void> {
  for (const entries of chunks(needed)) {
    const digests = entries.map(({ leaf }) => leaf.content);
    const rows = await db.selectFrom("blobs").select("digest").where("digest", "in", digests).execute();
    const stored = new Set(rows.map(({ digest }) => digest));
    const missing = entries.find(({ leaf }) => !stored.has(leaf.content));
    if (!missing) continue;
    throw new GatewayError(
      "GATEWAY_FILE_MISSING",
      `The ciphertext of record ${missing.leaf.recordId} was not uploaded.`,
    );
  }
}

/**
 * Writes down the one place where each ciphertext of a version stands: a dataset, the version of its origin, a record. The
 * same ciphertext under another dataset, origin or record is refused.
 *
 * @throws GATEWAY_FILE_INVALID naming the record
 */
export async function claimContents(tx: Db, manifest: Manifest): Promise<void> {
  const asset = manifest.dataset.toString();
  for (const entries of chunks(manifest.entries)) {
    const rows = entries.map(({ leaf }) => ({
      content: leaf.content,
      asset,
      origin_version: leaf.originVersion,
      record_id: leaf.recordId,
    }));
    await tx
      .insertInto("contents")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const claimed = await tx
      .selectFrom("contents")
      .selectAll()
      .where(
        "content",
        "in",
        rows.map(({ content }) => content),
      )
      .execute();
    const placeOf = new Map(claimed.map((row) => [row.content, row]));
    const taken = rows.find((row) => {
      const place = placeOf.get(row.content);
      return (
        place?.asset !== asset ||
        place.origin_version !== row.origin_version ||
        place.record_id !== row.record_id
      );
    });
    if (taken) throw relisted(taken.record_id);
  }
}

function relisted(recordId: string): GatewayError {
  return invalid(
    `The ciphertext of record ${recordId} is already listed under another dataset, version or record.`,
  );
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += ROWS_AT_ONCE) yield all.slice(at, at + ROWS_AT_ONCE);
}
