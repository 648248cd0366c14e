import type { SendOptions } from "@salus/sdk/chain/send";
import { addEvidence } from "@salus/sdk/disputes/add-evidence";
import { closeDispute, punishExecutor } from "@salus/sdk/disputes/close-dispute";
import { openDispute } from "@salus/sdk/disputes/open-dispute";
import { readDispute, readDisputeOffer } from "@salus/sdk/disputes/read-dispute";
import { recuseFromDispute, voteOnDispute } from "@salus/sdk/disputes/rule";
import { acceptOrder } from "@salus/sdk/orders/accept-order";
import { findOrder } from "@salus/sdk/orders/find-order";
import type { Order } from "@salus/sdk/types";
import type { TransactionReceipt } from "viem";
import { readerOf, writerOf } from "#lib/chain/connect.ts";
import { walletOf } from "#lib/chain/wallet.ts";
import type { App } from "#lib/context.ts";
import type { RulingName } from "#lib/data/disputes.ts";
import type { Hex } from "#lib/data/types.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What parties and arbitrators do about a dispute. Loaded on demand: it brings the chain library with it.
 */

type Sent = { hash: Hex; block: number };

/** What a dispute about an order would cost whoever is signed in. */
export interface Offer {
  bond: bigint;
  /** Of the bond to the arbitrators, however they rule. */
  fee: bigint;
  /** Enough arbitrators are free to rule. */
  possible: boolean;
}

/** What it would cost. @throws Disputes_TokenNotCovered, WEB_NO_WALLET */
export async function readOffer(app: App, id: Hex): Promise<Offer> {
  const { address: opener } = await walletOf(app);
  const reader = readerOf(app.config);
  const { order } = await findOrder(reader, id);
  const party = same(opener, order.buyer) ? "Buyer" : "Custodian";
  const { bond, fee, seats } = await readDisputeOffer(reader, { order, opener, party });
  return { bond, fee, possible: seats >= 3 };
}

/** How whoever is signed in stands to a dispute. */
export interface MyPart {
  account: Hex;
  /** Has a seat. */
  seat: boolean;
  voted: boolean;
  /** Was an arbitrator of the panel, but has no seat here. */
  party: boolean;
  unpunished: boolean;
}

/** Whether one may vote, add documents, or neither. @throws WEB_NO_WALLET */
export async function readMyPart(app: App, id: Hex): Promise<MyPart> {
  const { address: account } = await walletOf(app);
  const reader = readerOf(app.config);
  const { order } = await findOrder(reader, id);
  const dispute = await readDispute(reader, order);
  const own = dispute?.seats.find(({ member }) => same(member, account));
  return {
    account,
    seat: own !== undefined,
    voted: own?.vote !== undefined,
    party: same(account, order.buyer) || (dispute !== undefined && same(account, dispute.opener)),
    unpunished: dispute !== undefined && dispute.lied && !dispute.punished,
  };
}

/** The buyer is content: the order is paid at once. */
export const accept = act((salus, order) => (options) => acceptOrder(salus, { order }, options));

/** Opens a dispute, with the first document's fingerprint if there is one. */
export function open(app: App, d: { id: Hex; evidence?: Hex }, progress: Progress): Promise<Sent> {
  return sendFor(app, d.id, progress, async (salus, order, options) => {
    let hash: Hex | undefined;
    await openDispute(
      salus,
      { order, ...(d.evidence ? { evidence: d.evidence } : {}) },
      {
        onStep: (step) => {
          if (step.step === "sent") hash = step.hash;
          options.onStep?.(step);
        },
      },
    );
    return salus.publicClient.getTransactionReceipt({ hash: hash! });
  });
}

/** Adds a document by its fingerprint. */
export function add(app: App, d: { id: Hex; digest: Hex }, progress: Progress): Promise<Sent> {
  return sendFor(app, d.id, progress, (salus, order, options) =>
    addEvidence(salus, { order, digest: d.digest }, options),
  );
}

/** An arbitrator votes. */
export function vote(
  app: App,
  d: { id: Hex; ruling: RulingName; lied: boolean; reason: string },
  progress: Progress,
): Promise<Sent> {
  return sendFor(app, d.id, progress, (salus, order, options) =>
    voteOnDispute(salus, { order, ruling: d.ruling, lied: d.lied, reason: d.reason }, options),
  );
}

/** An arbitrator steps aside. */
export function recuse(app: App, d: { id: Hex; reason: string }, progress: Progress): Promise<Sent> {
  return sendFor(app, d.id, progress, (salus, order, options) =>
    recuseFromDispute(salus, { order, reason: d.reason }, options),
  );
}

/** Ends a dispute whose time is over. */
export const close = act((salus, order) => (options) => closeDispute(salus, order, options));

/** Has a lie punished that the ruling could not punish. */
export const punish = act((salus, order) => (options) => punishExecutor(salus, order, options));

type Writer = Awaited<ReturnType<typeof writerOf>>;

function act(verb: (salus: Writer, order: Order) => (options: SendOptions) => Promise<TransactionReceipt>) {
  return (app: App, id: Hex, progress: Progress): Promise<Sent> =>
    sendFor(app, id, progress, (salus, order, options) => verb(salus, order)(options));
}

async function sendFor(
  app: App,
  id: Hex,
  progress: Progress,
  verb: (salus: Writer, order: Order, options: SendOptions) => Promise<TransactionReceipt>,
): Promise<Sent> {
  const salus = await writerOf(app);
  const { order } = await findOrder(salus, id);
  const receipt = await verb(salus, order, {
    onStep: (step) => void (step.step === "sent" && progress.sent(step.hash)),
  });
  return { hash: receipt.transactionHash, block: Number(receipt.blockNumber) };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
