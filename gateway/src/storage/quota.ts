import { sql } from "kysely";
import type { Hex } from "viem";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import type { Upload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** Bytes that one asset may store: an operator answers for its datasets, a curator alone for less. */
const QUOTA = { operator: 1024 ** 4, curator: 256 * 1024 ** 2 };

/** Bytes that all curators together may store without an operator's word: anybody can make the key of one. */
const CURATORS_QUOTA = 2 * 1024 ** 3;

/** Bytes that a file takes at the least, as it counts: each is an entry of a folder and a row, however small it is. */
export const SMALLEST = 4096;

/** Whether an asset may store so many bytes more; open uploads count whole. @throws GATEWAY_UPLOAD_QUOTA */
export async function assertRoom({ db }: Context, upload: Upload, bytes: number): Promise<void> {
  const asset = upload.asset.toString();
  const quota = upload.byOperator ? QUOTA.operator : QUOTA.curator;
  if ((await storedBytes(db, { asset })) + bytes > quota) {
    throw new GatewayError(
      "GATEWAY_UPLOAD_QUOTA",
      `Asset ${asset} may store ${quota} bytes at this gateway.`,
    );
  }
  const trusted = upload.byOperator;
  if (!trusted && (await storedBytes(db, { trusted })) + bytes > CURATORS_QUOTA) {
    throw new GatewayError(
      "GATEWAY_UPLOAD_QUOTA",
      "This gateway takes no more files without its operator's word.",
    );
  }
}

/** Stores blobs within their asset's quota. @returns their digests in order @throws GATEWAY_UPLOAD_QUOTA */
export async function storeBlobs(
  context: Context,
  upload: Upload,
  all: readonly Uint8Array[],
): Promise<Hex[]> {
  const bytes = all.reduce((sum, each) => sum + Math.max(each.length, SMALLEST), 0);
  await assertRoom(context, upload, bytes);
  await assertNotErased(
    context.db,
    all.map((each) => toHex(sha256(each))),
  );
  const digests = await Promise.all(all.map((each) => context.blobs.put(each)));
  reached("blob.stored");
  await noteBlob(context, upload, ...digests.map((digest, i) => ({ digest, size: all[i]!.length })));
  return digests;
}

/** An erased ciphertext never comes back, whoever still has it. @throws GATEWAY_SUBJECT_ERASED */
export async function assertNotErased(db: Db, contents: readonly Hex[]): Promise<void> {
  if (contents.length === 0) return;
  const erased = await db
    .selectFrom("erased_contents")
    .select("content")
    .where("content", "in", contents)
    .executeTakeFirst();
  if (!erased) return;
  throw new GatewayError(
    "GATEWAY_SUBJECT_ERASED",
    `The blob ${erased.content} is of a record that was erased.`,
  );
}

/** Writes down what was stored, for quotas. The bytes are durable before. */
export async function noteBlob(
  { db, now }: Context,
  upload: Upload,
  ...stored: { digest: Hex; size: number }[]
): Promise<void> {
  if (stored.length === 0) return;
  const about = { asset: upload.asset.toString(), trusted: upload.byOperator, stored_at: now() };
  await db
    .insertInto("blobs")
    .values(stored.map((each) => ({ ...about, ...each })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Bytes stored or announced for an asset, or on the word of curators alone. */
async function storedBytes(db: Db, which: { asset: string } | { trusted: boolean }): Promise<number> {
  const sums = await Promise.all(
    (["blobs", "uploads"] as const).map(async (table) => {
      const sum = db
        .selectFrom(table)
        .select((row) =>
          row.fn.coalesce(sql<string>`sum(greatest(size, ${sql.lit(SMALLEST)}))`, row.lit(0)).as("bytes"),
        );
      const some =
        "asset" in which ? sum.where("asset", "=", which.asset) : sum.where("trusted", "=", which.trusted);
      return Number((await some.executeTakeFirstOrThrow()).bytes);
    }),
  );
  return sums[0]! + sums[1]!;
}
