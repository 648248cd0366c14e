import { type Address, type Hex, hashTypedData, zeroHash } from "viem";
import { REQUEST_TYPES, requestDomain, signRequest } from "@salus/sdk/gateway/requests";
import type { SignedErasure, SignedErasureReceipt } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import type { ErasedRecord } from "../database/schema.ts";
import { reached } from "../durable/steps.ts";
import { appendWithin } from "../log/append-decisions.ts";

/** What a tombstone holds: the wish, and where to look for what it means. */
export type Tombstone = { signed: SignedErasure; records: ErasedRecord[]; receivedAt: number };

/** Where a subject's tombstone lies, outside the database. */
export function tombstoneKey({ erasure }: SignedErasure): string {
  return `${erasure.dataset}-${erasure.subject.slice(2).toLowerCase()}`;
}

/** Writes a tombstone to where a restored database finds it. */
export async function keepTombstone({ tombstones }: Context, tombstone: Tombstone): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(tombstone));
  await tombstones.put(tombstoneKey(tombstone.signed), bytes);
}

/**
 * Removes key shares and ciphertexts of some records from this gateway, for good. Doing it again does no harm, and that is
 * what follows a crash.
 */
export async function removeRecords(
  { db, shares, blobs }: Pick<Context, "db" | "shares" | "blobs">,
  dataset: bigint,
  records: readonly ErasedRecord[],
): Promise<void> {
  for (const { recordId, originVersion, content } of records) {
    await db
      .insertInto("erased_contents")
      .values({ content })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await shares.delete({ asset: dataset, originVersion }, [recordId]);
    reached("erase.unshared");
    await blobs.delete(content);
    await db.deleteFrom("blobs").where("digest", "=", content).execute();
  }
}

/**
 * Carries out a wish that is written down, logs it and signs the receipt. Begun again after a crash, or by two processes at
 * once, it is logged and signed for once.
 */
export async function eraseHere(context: Context, tombstone: Tombstone): Promise<SignedErasureReceipt> {
  const { signed, records } = tombstone;
  const { dataset } = signed.erasure;
  await keepTombstone(context, tombstone);
  reached("erase.tombstone");
  await removeRecords(context, BigInt(dataset), records);
  reached("erase.removed");
  const receipt = await conclude(context, tombstone);
  reached("erase.signed");
  context.logger.info({ dataset, records: records.length }, "a subject's records were erased");
  return receipt;
}

/** Log entry and receipt last together. */
async function conclude(context: Context, { signed, records }: Tombstone): Promise<SignedErasureReceipt> {
  const { dataset } = signed.erasure;
  const subject = signed.erasure.subject.toLowerCase() as Address;
  const receipt = await signReceipt(context, signed, records.length);
  return context.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom("erasures")
      .select("receipt")
      .where("dataset", "=", dataset)
      .where("subject", "=", subject)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (row.receipt) return row.receipt;
    const about = { orderId: zeroHash, dataset: BigInt(dataset), subject, kind: 0, uses: 0n } as const;
    await appendWithin(tx, context.index, [
      { at: context.now(), action: "erase", ...about, reason: "PERMITTED" },
    ]);
    await tx
      .updateTable("erasures")
      .set({ receipt: JSON.stringify(receipt) })
      .where("dataset", "=", dataset)
      .where("subject", "=", subject)
      .execute();
    return receipt;
  });
}

async function signReceipt(
  context: Context,
  { erasure }: SignedErasure,
  records: number,
): Promise<SignedErasureReceipt> {
  const { chainId, contracts } = context.deployment;
  const receipt = {
    dataset: erasure.dataset,
    subject: erasure.subject,
    request: hashErasure(context, erasure),
    gateway: context.index,
    records,
    erasedAt: context.now(),
  };
  const signature = await signRequest({
    signer: context.keys.signer,
    chainId,
    gatewayRegistry: contracts.GatewayRegistry,
    primaryType: "ErasureReceipt",
    message: { ...receipt, dataset: BigInt(receipt.dataset) },
  });
  return { receipt, signature };
}

function hashErasure({ deployment }: Context, erasure: SignedErasure["erasure"]): Hex {
  return hashTypedData({
    domain: requestDomain(deployment.chainId, deployment.contracts.GatewayRegistry),
    types: { Erasure: REQUEST_TYPES.Erasure },
    primaryType: "Erasure",
    message: { ...erasure, dataset: BigInt(erasure.dataset) },
  });
}
