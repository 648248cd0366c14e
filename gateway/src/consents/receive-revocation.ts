import type { Address } from "viem";
import { typedData } from "@salus/sdk/chain/typed-data";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import { CONSENT } from "@salus/sdk/generated/constants";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { SignedRevocation } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import type { Revocation } from "@salus/sdk/types";
import { isKeysOwn } from "../auth/verify.ts";
import { slotsAt } from "../chain/reads.ts";
import { type Block, isInDoubt } from "../chain/view.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { gossipRevocation } from "./gossip-revocation.ts";
import { holdRevocation } from "./hold-revocation.ts";
import { isSubjectKnown } from "./known-subject.ts";
import { inConsentLine } from "./last-look.ts";
import { revocationData, revokerOf } from "./verify-word.ts";

/** Seconds that the gateway which the subject asked has for submitting before the others do. */
const OTHERS_TURN = 10;

/** Seconds after which the queue tells a gateway that could not be told at once. */
const AGAIN = 5;

/** A subject's slot in the head and in the finalized block. */
type Seen = { head: Block; latest: ConsentSlot; settled: ConsentSlot };

/**
 * Takes a signed revocation: checks it, stores it durably, and has it passed on and submitted. From its return on every
 * decision of this gateway denies the subject. While the chain is in doubt the subject's own key is enough: nothing may
 * keep a person's word out.
 *
 * @param from a revocation that came from another gateway is that one's to submit; this one waits a little before it does
 * @returns whether it was new here
 * @throws GATEWAY_REVOCATION_INVALID; while the chain is in doubt, for words of others than the subject, what it is in
 */
export async function receiveRevocation(
  context: Context,
  signed: SignedRevocation,
  { from = "subject" }: { from?: "subject" | "gateway" } = {},
): Promise<boolean> {
  const revocation = fromWire("Revocation", signed.revocation);
  const { dataset, maxNonce } = revocation;
  const subject = revocation.subject.toLowerCase() as Address;
  const seen = await look(context, dataset, subject).catch(async (error: unknown) => {
    if (isInDoubt(error) && (await isSubjectsOwn(context, revocation, signed))) return undefined;
    throw error;
  });
  // Only what is final has gone past it for good: a head that did may be reorganised away.
  if (seen && maxNonce < seen.settled.nonce) return false;
  const known = seen && (await findStored(context.db, revocation, signed));
  const signer =
    seen && !known ? await validSigner(context, revocation, signed, seen) : (known?.signer ?? subject);
  const row = {
    dataset: dataset.toString(),
    subject,
    max_nonce: maxNonce,
    signature: signed.signature,
    signer: signer.toLowerCase() as Address,
    by_key: await isKeysOwn(signer, revocationData(context, revocation, signed), signed.signature),
    code_key: signed.codeKey ? (signed.codeKey.toLowerCase() as Address) : null,
    two_person: signed.twoPerson ?? false,
    proxy: signed.proxy ? (signed.proxy.key.toLowerCase() as Address) : null,
    proxy_since: signed.proxy?.since ?? null,
    head_block: seen ? Number(seen.head.number) : null,
    overruled_at: null,
    received_at: context.now(),
    final_at: null,
  };
  const others = await otherGateways(context);
  const { isNew, ...held } = await inConsentLine(context.db, dataset, async (tx) => {
    const holding = await holdRevocation(tx, row, seen?.settled.nonce);
    // What came from a gateway, that one has told to all; but not in the place of what this one had to tell.
    const untold = from === "gateway" && !holding.supersedes ? [] : others;
    const onward = { about: { dataset: row.dataset, subject, maxNonce }, others: untold };
    const delaySeconds = from === "gateway" ? OTHERS_TURN : 0;
    if (holding.isNew) await queueOnward(context, tx, { ...onward, delaySeconds });
    return holding;
  });
  // Whoever sends it again may do so because the first answer was lost on the way, before the others were told.
  if (from === "gateway") return isNew;
  reached("revoke.stored");
  await tellOthers(context, { dataset: row.dataset, subject, maxNonce: held.maxNonce }, others);
  reached("revoke.told");
  return isNew;
}

async function look(context: Context, dataset: bigint, subject: Address): Promise<Seen> {
  const { head, finalized } = await context.chain.snapshot();
  const slotIn = async (block: Block) =>
    (await slotsAt(context.chain, dataset, [subject], block.hash)).get(subject)!;
  const [latest, settled] = await Promise.all([slotIn(head), slotIn(finalized)]);
  return { head, latest, settled };
}

/** Whether the very key of a subject with a record here says so: true without any chain, whoever else may speak for it. */
async function isSubjectsOwn(
  context: Context,
  revocation: Revocation,
  { signature, codeKey, twoPerson, proxy }: SignedRevocation,
): Promise<boolean> {
  if (codeKey || twoPerson || proxy) return false;
  const typed = typedData(context.deployment, "Revocation", revocation);
  if (!(await isKeysOwn(revocation.subject, typed, signature))) return false;
  return isSubjectKnown(context, revocation.dataset, revocation.subject.toLowerCase() as Address);
}

/** @throws GATEWAY_REVOCATION_INVALID */
async function validSigner(
  context: Context,
  revocation: Revocation,
  signed: SignedRevocation,
  { head, latest }: Seen,
): Promise<Address> {
  const signer = await revokerOf(context, revocation, signed, { block: head, slot: latest });
  if (!signer)
    throw invalid("The signature over this revocation is of nobody who may revoke for the subject.");
  // Far above the slot's nonce the registry would refuse it.
  const { maxNonce } = revocation;
  if (maxNonce > latest.nonce + CONSENT.REVOCATION_REACH) {
    throw invalid(`The revocation reaches to nonce ${maxNonce}, too far above the slot's ${latest.nonce}.`);
  }
  return signer;
}

/** The same word, checked when it came first: who signed it may have lost the right since, which takes nothing back. */
async function findStored(
  db: Db,
  { dataset, subject, maxNonce }: Revocation,
  { signature }: SignedRevocation,
): Promise<{ signer: Address | null } | undefined> {
  return db
    .selectFrom("revocations")
    .select("signer")
    .where("dataset", "=", dataset.toString())
    .where("subject", "=", subject.toLowerCase() as Address)
    .where("max_nonce", "=", maxNonce)
    .where("signature", "=", signature)
    .executeTakeFirst();
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
        if (!(error instanceof GatewayRequestError) && !isInDoubt(error)) throw error;
        const code = error instanceof GatewayRequestError ? error.code : "in doubt";
        context.logger.warn({ gateway, code }, "a revocation was not passed on this time");
      }
    }),
  );
}

async function otherGateways({ directory, index }: Context): Promise<number[]> {
  const all = [...(await directory.lastKnown()).values()];
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
