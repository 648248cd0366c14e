import { type Address, isAddressEqual } from "viem";
import type { SignedErasure, SignedErasureReceipt } from "@salus/sdk/gateway/types";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { verifyRequest } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import type { Tasks } from "../jobs/queue.ts";
import { askPeer, peersOf } from "../peers/ask-peer.ts";
import { gatewaysOf } from "./held-records.ts";

/** Milliseconds that another gateway has for erasing while the subject waits for the answer. */
const PATIENCE = 5_000;

/** The other gateways of a dataset, which a wish is passed on to. */
export async function othersOf(context: Context, dataset: bigint): Promise<number[]> {
  return peersOf(context, (await gatewaysOf(context, dataset))?.gateways ?? []);
}

/** Seconds after which the queue passes on what a gateway did not take at once. */
const LATER = 10;

/** Tasks that pass a wish on: they last as soon as the wish does, whatever becomes of this process. */
export async function queuePassingOn(
  { queue }: Context,
  { dataset, subject, others }: { dataset: string; subject: Address; others: readonly number[] },
  tx?: Db,
): Promise<void> {
  for (const gateway of others) {
    const key = `erase:${dataset}:${subject}:${gateway}`;
    const task = { key, delaySeconds: LATER, attempts: 1000, ...(tx ? { tx } : {}) };
    await queue.add("pass-on-erasure", { dataset, subject, gateway }, task);
  }
}

/** Passes a wish on to every other gateway of its dataset; the queue goes on with those that do not answer. */
export async function passOnToAll(context: Context, { erasure }: SignedErasure): Promise<void> {
  const { dataset } = erasure;
  const subject = erasure.subject.toLowerCase() as Address;
  await Promise.all(
    (await othersOf(context, BigInt(dataset))).map(async (gateway) => {
      try {
        await passOnErasure(context, { dataset, subject, gateway });
        reached("erase.told");
      } catch (error) {
        if (!(error instanceof GatewayRequestError)) throw error;
        context.logger.warn({ gateway, code: error.code }, "an erasure was not passed on this time");
      }
    }),
  );
}

/**
 * Passes a wish on to one other gateway and keeps its receipt. @returns the receipt; none for a wish that is not known
 * @throws GatewayRequestError, upon which the queue tries again; Error for a receipt that is not the gateway's
 */
export async function passOnErasure(
  context: Context,
  { dataset, subject, gateway }: Tasks["pass-on-erasure"],
): Promise<SignedErasureReceipt | undefined> {
  const { db } = context;
  const about = { dataset, subject: subject as Address };
  const [row, known] = await Promise.all([
    db
      .selectFrom("erasures")
      .select("signed")
      .where("dataset", "=", dataset)
      .where("subject", "=", about.subject)
      .executeTakeFirst(),
    db
      .selectFrom("erasure_receipts")
      .select("receipt")
      .where("dataset", "=", dataset)
      .where("subject", "=", about.subject)
      .where("gateway", "=", gateway)
      .executeTakeFirst(),
  ]);
  if (known || !row) return known?.receipt;
  const request = {
    method: "POST",
    path: "/v1/peer/erasures",
    json: row.signed,
    patience: PATIENCE,
  } as const;
  const receipt = await askPeer<SignedErasureReceipt>(context, gateway, request);
  await assertReceipt(context, gateway, row.signed, receipt);
  await db
    .insertInto("erasure_receipts")
    .values({ ...about, gateway, receipt: JSON.stringify(receipt) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return receipt;
}

async function assertReceipt(
  context: Context,
  gateway: number,
  { erasure }: SignedErasure,
  { receipt, signature }: SignedErasureReceipt,
): Promise<void> {
  const { signer } = await context.directory.get(gateway);
  const message = { ...receipt, dataset: BigInt(receipt.dataset) };
  const right =
    receipt.gateway === gateway &&
    receipt.dataset === erasure.dataset &&
    isAddressEqual(receipt.subject, erasure.subject) &&
    (await verifyRequest(context.chain, { primaryType: "ErasureReceipt", message, signer, signature }));
  if (!right) throw new Error(`Gateway ${gateway} signed another erasure receipt than was asked for.`);
}
