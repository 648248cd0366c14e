import type { Address } from "viem";
import type { SignedErasure, SignedErasureReceipt } from "@salus/sdk/gateway/types";
import { isFresh } from "../auth/nonces.ts";
import { inConsentLine } from "../consents/last-look.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { refusalOf } from "../orders/judge.ts";
import { assertMayErase } from "./authority.ts";
import { eraseHere } from "./erase-here.ts";
import { recordsOf } from "./held-records.ts";
import { othersOf, queuePassingOn } from "./pass-on-erasure.ts";

/**
 * Takes a wish for erasure: checks it, writes it down, so that from then on every decision of this gateway denies, and
 * carries it out. A wish that is known already is carried out only once; its receipt is given again.
 *
 * @param from a wish that another gateway passes on may be older than a request of today
 * @throws GATEWAY_ERASURE_INVALID, GATEWAY_REQUEST_STALE, GATEWAY_RECORD_UNKNOWN for a subject without a record here
 */
export async function receiveErasure(
  context: Context,
  signed: SignedErasure,
  { from = "subject" }: { from?: "subject" | "gateway" } = {},
): Promise<SignedErasureReceipt> {
  const known = await findErasure(context, signed);
  if (known?.receipt) return known.receipt;
  if (known) return eraseHere(context, { ...known, receivedAt: known.received_at });
  await assertMayErase(context, signed);
  if (from === "subject" && !isFresh(signed.erasure.issuedAt, context.now())) {
    throw refusalOf("GATEWAY_REQUEST_STALE");
  }
  const dataset = BigInt(signed.erasure.dataset);
  const subject = signed.erasure.subject.toLowerCase() as Address;
  // What came from a gateway, that one tells to all.
  const others = from === "subject" ? await othersOf(context, dataset) : [];
  const row = await inConsentLine(context.db, dataset, async (tx) => {
    const records = await recordsOf({ db: tx, versions: context.versions }, dataset, subject);
    if (records.length === 0) {
      throw new GatewayError(
        "GATEWAY_RECORD_UNKNOWN",
        "This gateway holds no record of the subject in this dataset.",
        {
          hint: "Ask a gateway of the dataset's gateway set.",
        },
      );
    }
    await tx
      .insertInto("erasures")
      .values({
        dataset: signed.erasure.dataset,
        subject,
        signed: JSON.stringify(signed),
        records: JSON.stringify(records),
        received_at: context.now(),
        receipt: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await queuePassingOn(context, { dataset: signed.erasure.dataset, subject, others }, tx);
    return { records };
  });
  reached("erase.stored");
  return eraseHere(context, { signed, records: row.records, receivedAt: context.now() });
}

/** The row of a subject whose records were erased, or are being so. */
export function findErasure({ db }: Pick<Context, "db">, { erasure }: SignedErasure) {
  return db
    .selectFrom("erasures")
    .selectAll()
    .where("dataset", "=", erasure.dataset)
    .where("subject", "=", erasure.subject.toLowerCase() as Address)
    .executeTakeFirst();
}
