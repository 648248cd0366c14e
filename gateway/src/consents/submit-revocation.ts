import { randomUUID } from "node:crypto";
import type { Address } from "viem";
import { submitProvisionalRevocation } from "@salus/sdk/consent/revoke-provisional";
import { submitRevocation } from "@salus/sdk/consent/submit-revocation";
import { submitTwoPersonRevocation } from "@salus/sdk/consent/submit-two-person";
import type { Tasks } from "../jobs/queue.ts";
import { slotsAt } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { payFor } from "../relay/pay-for.ts";
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
  if (!row || row.final_at !== null) return;
  const { head, finalized } = await context.chain.snapshot();
  const nonceAt = async (hash: `0x${string}`) =>
    (await slotsAt(context.chain, dataset, [subject], hash)).get(subject)!.nonce;
  if ((await nonceAt(finalized.hash)) > task.maxNonce) return markFinal(context, task);
  if ((await nonceAt(head.hash)) <= task.maxNonce) {
    // Gas is spent for people of the datasets that this gateway serves; the others' gateways have it by gossip.
    if (!(await isSubjectKnown(context, dataset, subject))) return;
    const word = { message: { dataset, subject, maxNonce: task.maxNonce }, signature: row.signature };
    // Another gateway may be first; then this one's trial reverts, and the next look finds it mined.
    const about = { word: `revocation:${randomUUID()}`, kind: "Revocation", dataset, subject };
    await payFor(context, about, (writer) => {
      if (row.code_key !== null) {
        return submitProvisionalRevocation(writer, { ...word, codeKey: row.code_key });
      }
      return row.two_person ? submitTwoPersonRevocation(writer, word) : submitRevocation(writer, word);
    }).catch((error: unknown) =>
      context.logger.info({ err: error }, "a revocation was not submitted this time"),
    );
  }
  const key = `revoke:${task.dataset}:${subject}:${task.maxNonce}`;
  await context.queue.add("submit-revocation", task, { key, delaySeconds: AGAIN, attempts: 1000 });
}

async function markFinal({ db, now }: Context, task: Tasks["submit-revocation"]): Promise<void> {
  await db
    .updateTable("revocations")
    .set({ final_at: now() })
    .where("dataset", "=", task.dataset)
    .where("subject", "=", task.subject as Address)
    .where("max_nonce", "=", task.maxNonce)
    .execute();
}
