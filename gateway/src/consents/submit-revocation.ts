import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Address } from "viem";
import { submitProxyWord } from "@salus/sdk/consent/proxies";
import { submitProvisionalRevocation } from "@salus/sdk/consent/revoke-provisional";
import { submitRevocation } from "@salus/sdk/consent/submit-revocation";
import { submitTwoPersonRevocation } from "@salus/sdk/consent/submit-two-person";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { isSalusError } from "@salus/sdk/errors";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import type { Tasks } from "../jobs/queue.ts";
import { slotsAt } from "../chain/reads.ts";
import type { Block } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { payFor } from "../relay/pay-for.ts";
import type { Database } from "../database/schema.ts";
import { reached } from "../durable/steps.ts";
import { revokerOf, signedRevocation } from "./verify-word.ts";
import { isSubjectKnown } from "./known-subject.ts";

/** Seconds between two looks at a revocation that is not final yet. */
const AGAIN = 2;

/**
 * Brings a received revocation on chain at the operator's cost, and comes back until its effect is final: a reorganisation
 * may undo it, and then it is submitted again.
 */
export async function bringRevocationOnChain(
  context: Context,
  task: Tasks["submit-revocation"],
): Promise<void> {
  const dataset = BigInt(task.dataset);
  const subject = task.subject as Address;
  const row = await context.db
    .selectFrom("revocations")
    .selectAll()
    .where("dataset", "=", task.dataset)
    .where("subject", "=", subject)
    .where("max_nonce", "=", task.maxNonce)
    .executeTakeFirst();
  if (!row || row.final_at !== null || row.overruled_at !== null) return;
  const { head, finalized } = await context.chain.snapshot();
  const slotIn = async ({ hash }: Block) =>
    (await slotsAt(context.chain, dataset, [subject], hash)).get(subject)!;
  const settled = await slotIn(finalized);
  if (settled.nonce > task.maxNonce) return mark(context, task, "final_at");
  if (await isOverruled(context, row, { block: finalized, slot: settled })) {
    return mark(context, task, "overruled_at");
  }
  if ((await slotIn(head)).nonce <= task.maxNonce) {
    // Gas is spent for people of the datasets that this gateway serves; the others' gateways have it by gossip.
    if (!(await isSubjectKnown(context, dataset, subject))) return;
    // Another gateway may be first; then this one's trial reverts, and the next look finds it mined.
    const about = { word: `revocation:${randomUUID()}`, kind: "Revocation", dataset, subject };
    await payFor(context, about, (writer) => submit(writer, row)).catch((err: unknown) => {
      // It is denied here all the same, and comes back; what is neither the contract's nor the chain's word is a fault.
      const level = isSalusError(err) || isGatewayError(err) ? "info" : "error";
      context.logger[level]({ err }, "a revocation was not submitted this time");
    });
    reached("revoke.mined");
  }
  const key = `revoke:${task.dataset}:${subject}:${task.maxNonce}`;
  await context.queue.add("submit-revocation", task, { key, delaySeconds: AGAIN, attempts: 1000 });
}

type Row = Selectable<Database["revocations"]>;

/** As whoever signed it may: each speaker has a function of the registry. */
function submit(writer: SalusWriter, row: Row) {
  const message = { dataset: BigInt(row.dataset), subject: row.subject, maxNonce: row.max_nonce };
  const word = { message, signature: row.signature };
  if (row.proxy !== null) {
    const spoken = { ...message, proxy: row.proxy, since: row.proxy_since! };
    return submitProxyWord(writer, "ProxyRevocation", { ...word, message: spoken });
  }
  if (row.code_key !== null) return submitProvisionalRevocation(writer, { ...word, codeKey: row.code_key });
  return row.two_person ? submitTwoPersonRevocation(writer, word) : submitRevocation(writer, word);
}

/**
 * Whether a revocation of somebody else's counts no more: its speaker has lost the right for good, so that it can never be
 * mined, and the person has granted anew since it came; both final. A proxy may be removed, or a person may go on without
 * the custodian, between receipt and mining. Until then it is denied.
 */
async function isOverruled(
  context: Context,
  row: Row,
  settled: { block: Block; slot: ConsentSlot },
): Promise<boolean> {
  const { slot } = settled;
  const granted = slot.purposes !== 0n || slot.modes !== 0;
  if (!granted || row.head_block === null || slot.changedAt <= row.head_block) return false;
  const signed = signedRevocation(row);
  return (await revokerOf(context, fromWire("Revocation", signed.revocation), signed, settled)) === undefined;
}

async function mark(
  { db, now }: Context,
  task: Tasks["submit-revocation"],
  what: "final_at" | "overruled_at",
): Promise<void> {
  await db
    .updateTable("revocations")
    .set({ [what]: now() })
    .where("dataset", "=", task.dataset)
    .where("subject", "=", task.subject as Address)
    .where("max_nonce", "=", task.maxNonce)
    .execute();
}
