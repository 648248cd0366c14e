import { type Address, type Hex, hashTypedData, zeroHash } from "viem";
import { REQUEST_TYPES, requestDomain, signRequest } from "@salus/sdk/gateway/requests";
import type { SignedErasure, SignedErasureReceipt } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import type { ErasedRecord } from "../database/schema.ts";
import { appendDecisions } from "../log/append-decisions.ts";

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
    await blobs.delete(content);
    await db.deleteFrom("blobs").where("digest", "=", content).execute();
  }
}

/** Carries out a wish that is written down, logs it and signs the receipt. */
export async function eraseHere(context: Context, tombstone: Tombstone): Promise<SignedErasureReceipt> {
  const { signed, records } = tombstone;
  const { dataset, subject } = signed.erasure;
  await keepTombstone(context, tombstone);
  await removeRecords(context, BigInt(dataset), records);
  await appendDecisions(context.db, context.index, [
    {
      at: context.now(),
      action: "erase",
      orderId: zeroHash,
      dataset: BigInt(dataset),
      subject: subject.toLowerCase() as Address,
      kind: 0,
      uses: 0n,
      reason: "PERMITTED",
    },
  ]);
  const receipt = await signReceipt(context, signed, records.length);
  await context.db
    .updateTable("erasures")
    .set({ receipt: JSON.stringify(receipt) })
    .where("dataset", "=", dataset)
    .where("subject", "=", subject.toLowerCase() as Address)
    .execute();
  context.logger.info({ dataset, records: records.length }, "a subject's records were erased");
  return receipt;
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
