import type { Address, Hex } from "viem";
import { hashEncodedReceipt } from "@salus/sdk/chain/encode-struct";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { cidFromDigest } from "@salus/sdk/cid";
import { toWire } from "@salus/sdk/gateway/wire";
import type { Receipt } from "@salus/sdk/types";
import { type Basis, inConsentLine, stoppedSince } from "../consents/last-look.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** Whose data a receipt is about, and what the decision on them rested on. Absent for a model use. */
export type SignedAbout = { basis: Basis; subjects: readonly Address[] };

/**
 * Signs a receipt, at most one for an order and consent block: the registry of signed receipts is written before the
 * signature leaves. Signing the same receipt again gives the same signature. In the moment of signing nobody of the
 * cohort has stopped, as far as head and this gateway know.
 *
 * @throws GATEWAY_COSIGN_MISMATCH when another receipt was signed for this order and block, or when someone has stopped
 */
export async function signReceipt(context: Context, receipt: Receipt, about?: SignedAbout): Promise<Hex> {
  const signature = about
    ? await signInLine(context, receipt, about)
    : await signOnce(context, context.db, receipt);
  reached("receipt.signed");
  return signature;
}

function signInLine(context: Context, receipt: Receipt, about: SignedAbout): Promise<Hex> {
  return inConsentLine(context.db, about.basis.dataset, async (tx) => {
    const stopped = await stoppedSince(context, tx, about.basis, about.subjects);
    if (stopped.length === 0) return signOnce(context, tx, receipt);
    throw new GatewayError(
      "GATEWAY_COSIGN_MISMATCH",
      `${stopped.length} subjects of the cohort changed their consent before the receipt was signed.`,
    );
  });
}

async function signOnce(context: Context, db: Db, receipt: Receipt): Promise<Hex> {
  const hash = hashEncodedReceipt(receipt);
  const signature = await signStruct(context.deployment, "Receipt", receipt, context.keys.signer);
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

/** What a judgement and a cohort say that a receipt is about. */
export function signedAbout(
  basis: Basis | undefined,
  contributors: readonly { subject: Address }[] | undefined,
): SignedAbout | undefined {
  return basis && contributors ? { basis, subjects: contributors.map(({ subject }) => subject) } : undefined;
}
