import type { Upload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";

/** Seconds after its last piece at which an open upload is forgotten. */
export const UPLOAD_LIFETIME = 24 * 3600;

type Rows = Pick<Context, "db" | "now" | "blobs">;

/** Writes an upload down before its first piece comes, so that no piece is ever without one. */
export async function openUpload(
  { db, now }: Rows,
  { id, upload, size }: { id: string; upload: Upload; size: number },
): Promise<{ id: string; expires_at: number }> {
  const row = {
    id,
    asset: upload.asset.toString(),
    trusted: upload.byOperator,
    stranger: upload.stranger,
    size,
    created_at: now(),
    expires_at: now() + UPLOAD_LIFETIME,
  };
  await db.insertInto("uploads").values(row).execute();
  reached("upload.opened");
  return row;
}

/** An upload that is open and has not expired. */
export function findUpload({ db, now }: Rows, id: string) {
  return db
    .selectFrom("uploads")
    .selectAll()
    .where("id", "=", id)
    .where("expires_at", ">", now())
    .executeTakeFirst();
}

/** Gives an upload its whole lifetime again, and says until when. */
export async function prolongUpload({ db, now }: Rows, id: string): Promise<number> {
  const expiresAt = now() + UPLOAD_LIFETIME;
  await db.updateTable("uploads").set({ expires_at: expiresAt }).where("id", "=", id).execute();
  return expiresAt;
}

/** Ends an upload; its row goes last, so that a crash leaves nothing behind that is not swept. */
export async function removeUpload({ db, blobs }: Rows, id: string): Promise<void> {
  await blobs.partials.discard(id);
  await db.deleteFrom("uploads").where("id", "=", id).execute();
}

/** Removes the pieces of uploads that were given up. @returns how many there were */
export async function sweepUploads(rows: Rows): Promise<number> {
  const expired = await rows.db
    .selectFrom("uploads")
    .select("id")
    .where("expires_at", "<=", rows.now())
    .limit(1000)
    .execute();
  for (const { id } of expired) await removeUpload(rows, id);
  return expired.length;
}
