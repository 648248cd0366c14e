import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { accessEscrowAbi, assetRegistryAbi, contributorRewardsAbi, payoutsAbi } from "../generated/abis.ts";
import { potKey } from "../payouts/pot-key.ts";
import type { Receipt } from "../types.ts";
import type { RewardEvent } from "./ledger.ts";

/** Which rewards, and up to which block. */
export type RewardQuery = { dataset: bigint; token: Address; toBlock: bigint };

/** A dataset's money as the chain tells it, and the receipts that say whose it is. */
export type RewardHistory = {
  events: RewardEvent[];
  /** a receipt for every contributors root that the events name, each computable from public files */
  receipts: Map<Hex, Receipt>;
};

type Placed = { blockNumber: bigint; logIndex: number; event: RewardEvent };

/**
 * Reads what a dataset's contributors received in a token: credits of its pots, their collection, gifts. A credit counts
 * as an order's only if an escrow or the issuance made it, with the contributors of that order's receipt; royalties count for the receipt
 * that their pot is named after; everything else is nobody's in particular.
 */
export async function readRewardEvents(salus: SalusReader, query: RewardQuery): Promise<RewardHistory> {
  try {
    const receipts = await readReceipts(salus, query);
    const collected = await readCollected(salus, query);
    if (collected.length === 0) return { events: [], receipts: new Map() };
    const pots = [...new Set(collected.map(({ event }) => event.pot))];
    const credits = await readCredits(salus, query, pots, receipts);
    const royalties = await readRoyalties(salus, query, pots, receipts);
    const gifts = await readGifts(salus, query);
    const placed: Placed[] = [...collected, ...credits, ...royalties, ...gifts];
    placed.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
    const events = placed.map(({ event }) => event);
    const named = new Set(events.flatMap((e) => ("contributorsRoot" in e ? [e.contributorsRoot] : [])));
    const known = [...receipts.values()].map(({ receipt }) => [receipt.contributorsRoot, receipt] as const);
    return { events, receipts: new Map(known.filter(([root]) => named.has(root))) };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/**
 * Contributors roots whose pots have ever received royalties: with the dataset's own pot, all that can be collected.
 */
export async function readRoyaltyRoots(salus: SalusReader, query: RewardQuery): Promise<Hex[]> {
  const receipts = await readReceipts(salus, query);
  const roots = rootsByPot(query.dataset, receipts);
  const events = await readDistributed(salus, query);
  return [...new Set(events.flatMap(({ args }) => roots.get(args.pot) ?? []))];
}

type Delivered = { escrow: Address; receipt: Receipt };

/** Receipts of a dataset's orders whose contributors have a weight, by order. */
async function readReceipts(salus: SalusReader, query: RewardQuery): Promise<Map<Hex, Delivered>> {
  const { publicClient } = salus;
  const events = await publicClient.getContractEvents({
    address: await readEscrows(salus, query.toBlock),
    abi: accessEscrowAbi,
    eventName: "OrderDelivered",
    args: { asset: query.dataset },
    ...blocks(salus, query),
    strict: true,
  });
  return new Map(
    events
      .filter(({ args }) => args.receipt.totalWeight > 0n)
      .map(({ address, args }) => [args.id, { escrow: address, receipt: args.receipt }]),
  );
}

/** Every contract that is or was the escrow. */
async function readEscrows(salus: SalusReader, toBlock: bigint): Promise<Address[]> {
  const events = await salus.publicClient.getContractEvents({
    address: salus.deployment.contracts.AssetRegistry,
    abi: assetRegistryAbi,
    eventName: "EscrowChanged",
    ...blocks(salus, { toBlock }),
    strict: true,
  });
  return events.map(({ args }) => args.escrow);
}

async function readCollected(salus: SalusReader, query: RewardQuery) {
  const events = await salus.publicClient.getContractEvents({
    address: salus.deployment.contracts.Payouts,
    abi: payoutsAbi,
    eventName: "PotCollected",
    args: { token: query.token, dataset: query.dataset },
    ...blocks(salus, query),
    strict: true,
  });
  const times = new Map<bigint, number>();
  for (const { blockNumber } of events) {
    if (times.has(blockNumber)) continue;
    const { timestamp } = await salus.publicClient.getBlock({ blockNumber });
    times.set(blockNumber, Number(timestamp));
  }
  return events.map(({ args, blockNumber, logIndex }) => {
    const { pot, amount } = args;
    return {
      blockNumber,
      logIndex,
      event: { type: "collect", pot, amount, time: times.get(blockNumber)! } as const,
    };
  });
}

async function readCredits(
  salus: SalusReader,
  query: RewardQuery,
  pots: Hex[],
  receipts: ReadonlyMap<Hex, Delivered>,
): Promise<Placed[]> {
  const events = await salus.publicClient.getContractEvents({
    address: salus.deployment.contracts.Payouts,
    abi: payoutsAbi,
    eventName: "PotCredited",
    args: { token: query.token, pot: pots },
    ...blocks(salus, query),
    strict: true,
  });
  const own = potKey(query.dataset);
  return events.map(({ args, blockNumber, logIndex }) => {
    const { pot, amount, order, depositor } = args;
    const delivered = receipts.get(order);
    // Anyone may deposit under any order's name: only the escrow that delivered it settles it, only the issuance mints for
    // it, and both into the own pot.
    const settled =
      delivered !== undefined &&
      pot === own &&
      (same(delivered.escrow, depositor) || same(salus.deployment.contracts.Issuance, depositor));
    const root = settled ? { contributorsRoot: delivered.receipt.contributorsRoot } : {};
    return { blockNumber, logIndex, event: { type: "credit", pot, amount, ...root } };
  });
}

async function readRoyalties(
  salus: SalusReader,
  query: RewardQuery,
  pots: readonly Hex[],
  receipts: ReadonlyMap<Hex, Delivered>,
): Promise<Placed[]> {
  const events = await readDistributed(salus, query);
  const roots = rootsByPot(query.dataset, receipts);
  return events
    .filter(({ args }) => pots.includes(args.pot))
    .map(({ args: { pot, amount }, blockNumber, logIndex }) => {
      const contributorsRoot = roots.get(pot);
      const root = contributorsRoot === undefined ? {} : { contributorsRoot };
      return { blockNumber, logIndex, event: { type: "credit", pot, amount, ...root } };
    });
}

function readDistributed(salus: SalusReader, query: RewardQuery) {
  return salus.publicClient.getContractEvents({
    address: salus.deployment.contracts.Payouts,
    abi: payoutsAbi,
    eventName: "Distributed",
    args: { token: query.token, parent: query.dataset },
    ...blocks(salus, query),
    strict: true,
  });
}

function rootsByPot(dataset: bigint, receipts: ReadonlyMap<Hex, Delivered>): Map<Hex, Hex> {
  return new Map(
    [...receipts.values()].map(({ receipt: { contributorsRoot } }) => [
      potKey(dataset, contributorsRoot),
      contributorsRoot,
    ]),
  );
}

async function readGifts(salus: SalusReader, query: RewardQuery): Promise<Placed[]> {
  const { ContributorRewards, Payouts } = salus.deployment.contracts;
  const events = await salus.publicClient.getContractEvents({
    address: ContributorRewards,
    abi: contributorRewardsAbi,
    eventName: "Funded",
    args: { dataset: query.dataset, token: query.token },
    ...blocks(salus, query),
    strict: true,
  });
  return events
    .filter(({ args }) => !same(args.from, Payouts))
    .map(({ args: { amount }, blockNumber, logIndex }) => ({
      blockNumber,
      logIndex,
      event: { type: "gift", amount },
    }));
}

function blocks({ deployment }: SalusReader, { toBlock }: { toBlock: bigint }) {
  return { fromBlock: BigInt(deployment.startBlock), toBlock };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
