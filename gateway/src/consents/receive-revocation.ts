import type { Address } from "viem";
import { CONSENT } from "@salus/sdk/generated/constants";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { SignedRevocation } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { slotsAt } from "../chain/reads.ts";
import type { Block } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { gossipRevocation } from "./gossip-revocation.ts";
import { inConsentLine } from "./last-look.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { isRevocationSigned } from "./verify-word.ts";

/** Seconds that the gateway which the subject asked has for submitting before the others do. */
const OTHERS_TURN = 10;

/**
 * Takes a signed revocation: checks it, stores it durably, and has it passed on and submitted. From its return on every
 * decision of this gateway denies the subject.
 *
 * @param from a revocation that came from another gateway is that one's to submit; this one waits a little before it does
 * @returns whether it was new here
 * @throws GATEWAY_REVOCATION_INVALID
 */
export async function receiveRevocation(
  context: Context,
  signed: SignedRevocation,
  { from = "subject" }: { from?: "subject" | "gateway" } = {},
): Promise<boolean> {
  const revocation = fromWire("Revocation", signed.revocation);
  const { dataset, maxNonce } = revocation;
  const subject = revocation.subject.toLowerCase() as Address;
  const { head, finalized } = await context.chain.snapshot();
  const slotIn = async (block: Block) =>
    (await slotsAt(context.chain, dataset, [subject], block.hash)).get(subject)!;
  const [latest, settled] = await Promise.all([slotIn(head), slotIn(finalized)]);
  if (!(await isRevocationSigned(context, revocation, signed, latest))) {
    throw invalid("The signature over this revocation is of nobody who may revoke for the subject.");
  }
  // Far above the slot's nonce the registry would refuse it.
  if (maxNonce > latest.nonce + CONSENT.REVOCATION_REACH) {
    throw invalid(`The revocation reaches to nonce ${maxNonce}, too far above the slot's ${latest.nonce}.`);
  }
  // Only what is final has gone past it for good: a head that did may be reorganised away.
  if (maxNonce < settled.nonce) return false;
  const row = {
    dataset: dataset.toString(),
    subject,
    max_nonce: maxNonce,
    signature: signed.signature,
    code_key: signed.codeKey ?? null,
    two_person: signed.twoPerson ?? false,
    received_at: context.now(),
    final_at: null,
  };
  const inserted = await inConsentLine(context.db, dataset, (tx) =>
    tx
      .insertInto("revocations")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst(),
  );
  if (inserted.numInsertedOrUpdatedRows === 0n) return false;
  const delaySeconds = from === "gateway" ? OTHERS_TURN : 0;
  await passOn(context, { dataset: dataset.toString(), subject, maxNonce }, delaySeconds);
  return true;
}

/**
 * Has a revocation submitted and tells the other gateways: those that answer deny too before its subject has the answer;
 * the queue goes on with those that do not.
 */
async function passOn(
  context: Context,
  about: { dataset: string; subject: Address; maxNonce: number },
  delaySeconds: number,
): Promise<void> {
  const { queue, directory, index } = context;
  const key = `${about.dataset}:${about.subject}:${about.maxNonce}`;
  await queue.add("submit-revocation", about, { key: `revoke:${key}`, delaySeconds, attempts: 1000 });
  // What came from a gateway, that one has told to all.
  if (delaySeconds > 0) return;
  const others = [...(await directory.all()).values()].filter((each) => each.index !== index && each.active);
  await Promise.all(
    others.map(async ({ index: gateway }) => {
      try {
        await gossipRevocation(context, { ...about, gateway });
      } catch (error) {
        if (!(error instanceof GatewayRequestError)) throw error;
        const task = { key: `gossip:${gateway}:${key}`, delaySeconds: 2, attempts: 1000 };
        await queue.add("gossip-revocation", { ...about, gateway }, task);
      }
    }),
  );
}

function invalid(message: string): GatewayError {
  return new GatewayError("GATEWAY_REVOCATION_INVALID", message);
}
