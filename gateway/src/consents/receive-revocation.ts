import type { Address } from "viem";
import { CONSENT } from "@salus/sdk/generated/constants";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { SignedRevocation } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { slotsAt } from "../chain/reads.ts";
import type { Block } from "../chain/view.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import { gossipRevocation } from "./gossip-revocation.ts";
import { inConsentLine } from "./last-look.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { isRevocationSigned } from "./verify-word.ts";

/** Seconds that the gateway which the subject asked has for submitting before the others do. */
const OTHERS_TURN = 10;

/** Seconds after which the queue tells a gateway that could not be told at once. */
const AGAIN = 5;

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
  const about = { dataset: dataset.toString(), subject, maxNonce };
  // What came from a gateway, that one has told to all.
  const others = from === "gateway" ? [] : await otherGateways(context);
  const isNew = await inConsentLine(context.db, dataset, async (tx) => {
    const inserted = await tx
      .insertInto("revocations")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return false;
    await queueOnward(context, tx, { about, others, delaySeconds: from === "gateway" ? OTHERS_TURN : 0 });
    return true;
  });
  if (!isNew) return false;
  reached("revoke.stored");
  await tellOthers(context, about, others);
  reached("revoke.told");
  return true;
}

type About = { dataset: string; subject: Address; maxNonce: number };

/** Tasks that have a revocation submitted and passed on: they last as soon as it does, whatever becomes of this process. */
async function queueOnward(
  { queue }: Context,
  tx: Db,
  { about, others, delaySeconds }: { about: About; others: readonly number[]; delaySeconds: number },
): Promise<void> {
  await queue.add("submit-revocation", about, {
    key: `revoke:${keyOf(about)}`,
    delaySeconds,
    attempts: 1000,
    tx,
  });
  for (const gateway of others) {
    const task = { key: gossipKey(about, gateway), delaySeconds: AGAIN, attempts: 1000, tx };
    await queue.add("gossip-revocation", { ...about, gateway }, task);
  }
}

/** Tells the other gateways: those that answer deny too before its subject has the answer; the queue goes on with the rest. */
async function tellOthers(context: Context, about: About, others: readonly number[]): Promise<void> {
  await Promise.all(
    others.map(async (gateway) => {
      try {
        await gossipRevocation(context, { ...about, gateway });
        await context.queue.remove(gossipKey(about, gateway));
      } catch (error) {
        if (!(error instanceof GatewayRequestError)) throw error;
        context.logger.warn({ gateway, code: error.code }, "a revocation was not passed on this time");
      }
    }),
  );
}

async function otherGateways({ directory, index }: Context): Promise<number[]> {
  const all = [...(await directory.all()).values()];
  return all.filter((each) => each.index !== index && each.active).map((each) => each.index);
}

function keyOf({ dataset, subject, maxNonce }: About): string {
  return `${dataset}:${subject}:${maxNonce}`;
}

function gossipKey(about: About, gateway: number): string {
  return `gossip:${gateway}:${keyOf(about)}`;
}

function invalid(message: string): GatewayError {
  return new GatewayError("GATEWAY_REVOCATION_INVALID", message);
}
