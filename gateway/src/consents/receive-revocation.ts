import type { Address } from "viem";
import { typedData } from "@salus/sdk/chain/typed-data";
import { CONSENT } from "@salus/sdk/generated/constants";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { SignedRevocation } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { verifySignature } from "../auth/verify.ts";
import { slotsAt } from "../chain/reads.ts";
import type { Block } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { gossipRevocation } from "./gossip-revocation.ts";
import { inConsentLine } from "./last-look.ts";
import { GatewayError } from "../errors/gateway-error.ts";

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
  const typed = typedData(context.deployment, "Revocation", revocation);
  if (!(await verifySignature(context.chain, revocation.subject, typed, signed.signature))) {
    throw invalid("The signature is not the subject's over this revocation.");
  }
  const { head, finalized } = await context.chain.snapshot();
  const nonceAt = async (block: Block) =>
    (await slotsAt(context.chain, dataset, [subject], block.hash)).get(subject)!.nonce;
  const [latest, settled] = await Promise.all([nonceAt(head), nonceAt(finalized)]);
  // Far above the slot's nonce the registry would refuse it.
  if (maxNonce > latest + CONSENT.REVOCATION_REACH) {
    throw invalid(`The revocation reaches to nonce ${maxNonce}, too far above the slot's ${latest}.`);
  }
  // Only what is final has gone past it for good: a head that did may be reorganised away.
  if (maxNonce < settled) return false;
  const row = {
    dataset: dataset.toString(),
    subject,
    max_nonce: maxNonce,
    signature: signed.signature,
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
