import { sql } from "kysely";
import type { Hex } from "viem";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import type { Upload } from "../auth/upload-token.ts";
import { custodyOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** Bytes that one asset may store: an operator answers for its datasets, a curator alone for less. */
const QUOTA = { operator: 1024 ** 4, curator: 256 * 1024 ** 2 };

/**
 * Bytes for assets for which nobody vouches, neither an operator nor a listing that a custodian agreed to: of all together,
 * and of one network. Anybody can make the key of a curator; a place to ask from is dearer.
 */
const STRANGERS = { all: 2 * 1024 ** 3, network: 256 * 1024 ** 2 };

/** Bytes that a file takes at the least, as it counts: each is an entry of a folder and a row, however small it is. */
export const SMALLEST = 4096;

/** Whether an asset may store so many bytes more; open uploads count whole. @throws GATEWAY_UPLOAD_QUOTA */
export async function assertRoom({ db }: Context, upload: Upload, bytes: number): Promise<void> {
  const asset = upload.asset.toString();
  const quota = upload.byOperator ? QUOTA.operator : QUOTA.curator;
  if ((await storedBytes(db, { asset })) + bytes > quota)
    throw full(`Asset ${asset} may store ${quota} bytes at this gateway.`);
  const { stranger } = upload;
  if (stranger === null) return upload.byOperator ? undefined : vouchFor(db, asset);
  if ((await storedBytes(db, { stranger })) + bytes > STRANGERS.network)
    throw full(`From one network ${STRANGERS.network} bytes are taken for assets that are not listed.`);
  if ((await storedBytes(db, "strangers")) + bytes > STRANGERS.all)
    throw full("This gateway takes no more files for assets that are not listed.");
}

/** What was stored for an asset while nobody vouched for it counts for the asset alone from now on. */
export async function vouchFor(db: Db, asset: string): Promise<void> {
  for (const table of ["blobs", "uploads"] as const) {
    await db
      .updateTable(table)
      .set({ stranger: null })
      .where("asset", "=", asset)
      .where("stranger", "is not", null)
      .execute();
  }
}

/** Assets that one look asks the registry about. */
const LOOKED_AT = 50;

/**
 * Looks which assets that nobody vouched for are listed by now: most are uploaded before they are. With very many of them
 * each look takes some others.
 */
export async function vouchForListed({ db, chain }: Pick<Context, "db" | "chain">): Promise<void> {
  const { rows } = await sql<{ asset: string }>`
    select asset from (
      select asset from blobs where stranger is not null union select asset from uploads where stranger is not null
    ) as open order by random() limit ${LOOKED_AT}`.execute(db);
  for (const { asset } of rows) {
    const { custodian } = await custodyOf(chain, BigInt(asset));
    if (custodian !== 0) await vouchFor(db, asset);
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
  const { asset, byOperator: trusted, stranger } = upload;
  const about = { asset: asset.toString(), trusted, stranger, stored_at: now() };
  await db
    .insertInto("blobs")
    .values(stored.map((each) => ({ ...about, ...each })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Bytes stored or announced for an asset, or by one stranger or all of them. */
async function storedBytes(
  db: Db,
  which: { asset: string } | { stranger: Hex } | "strangers",
): Promise<number> {
  const sums = await Promise.all(
    (["blobs", "uploads"] as const).map(async (table) => {
      const sum = db
        .selectFrom(table)
        .select((row) =>
          row.fn.coalesce(sql<string>`sum(greatest(size, ${sql.lit(SMALLEST)}))`, row.lit(0)).as("bytes"),
        );
      const some =
        which === "strangers"
          ? sum.where("stranger", "is not", null)
          : "asset" in which
            ? sum.where("asset", "=", which.asset)
            : sum.where("stranger", "=", which.stranger);
      return Number((await some.executeTakeFirstOrThrow()).bytes);
    }),
  );
  return sums[0]! + sums[1]!;
}

function full(message: string): GatewayError {
  return new GatewayError("GATEWAY_UPLOAD_QUOTA", message);
}
