import type { Hex } from "viem";
import { hashEncodedReceipt } from "@salus/sdk/chain/encode-struct";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { toWire } from "@salus/sdk/gateway/wire";
import { cidFromDigest } from "@salus/sdk/cid";
import type { Receipt } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/**
 * Signs a receipt, at most one for an order and consent block: the registry of signed receipts is written before the
 * signature is made. Signing the same receipt again gives the same signature.
 *
 * @throws GATEWAY_COSIGN_MISMATCH when another receipt was signed for this order and block
 */
export async function signReceipt(context: Context, receipt: Receipt): Promise<Hex> {
  const { db, deployment, keys } = context;
  const hash = hashEncodedReceipt(receipt);
  const signature = await signStruct(deployment, "Receipt", receipt, keys.signer);
  const inserted = await db
    .insertInto("signed_receipts")
    .values({
      order_id: receipt.order,
      consent_block: receipt.consentBlock,
      receipt_hash: hash,
      receipt: JSON.stringify(toWire("Receipt", receipt)),
      result_cid: cidFromDigest(receipt.result),
      signature,
      signed_at: context.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n) return signature;
  const known = await db
    .selectFrom("signed_receipts")
    .select(["receipt_hash", "signature"])
    .where("order_id", "=", receipt.order)
    .where("consent_block", "=", receipt.consentBlock)
    .executeTakeFirstOrThrow();
  if (known.receipt_hash === hash) return known.signature;
  throw new GatewayError(
    "GATEWAY_COSIGN_MISMATCH",
    `This gateway signed another receipt of order ${receipt.order} at block ${receipt.consentBlock}.`,
  );
}
