import { randomUUID } from "node:crypto";
import { BaseError, type Address, type Hex, keccak256, toHex, zeroAddress } from "viem";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import { hashTerms, hashVersion } from "@salus/sdk/chain/encode-struct";
import type { SalusReader, SalusWriter } from "@salus/sdk/chain/client";
import type { ProxyStatus } from "@salus/sdk/consent/proxies";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import { AssetStatus, CONSENT, MODES, OrderState, PROXY, PROXY_RIGHTS } from "@salus/sdk/generated/constants";
import type { Order, ProxyRevocation, Receipt, Terms, Version } from "@salus/sdk/types";
import { TEST_DEPLOYMENT } from "../gateway-context.ts";

/*
 * A chain in memory with reorganisations: consents and orders after the contracts' rules, as far as gateways see them. It
 * stands where a node would; everything that reads it is the gateway's own code.
 */

export type Tx =
  | { type: "grant"; subject: Address; nonce: number; purposes: bigint; expiry: number; modes: number }
  | { type: "revoke"; subject: Address; maxNonce: number }
  | { type: "stop"; subject: Address }
  | { type: "revokeTwoPerson"; subject: Address; maxNonce: number }
  | { type: "nameProxy"; subject: Address; proxy: Address; nonce: number; expiry: number }
  | { type: "removeProxy"; subject: Address; proxy: Address; since: number }
  | { type: "revokeByProxy"; subject: Address; maxNonce: number; proxy: Address; since: number }
  | { type: "fund"; id: Hex; order: Order }
  | { type: "deliver"; id: Hex; receipt: Receipt }
  | { type: "refund"; id: Hex };

export type OrderOnChain = { order: Order; state: number; receipt?: Receipt };

/** A block with the state after it; never changed once made. */
export type ChainBlock = {
  number: number;
  hash: Hex;
  time: number;
  txs: readonly Tx[];
  slots: ReadonlyMap<string, ConsentSlot>;
  /** by subject and proxy, lower case */
  proxies: ReadonlyMap<string, ProxyStatus>;
  orders: ReadonlyMap<Hex, OrderOnChain>;
};

/** What was listed before the story begins. */
export type Listed = {
  asset: bigint;
  version: Version;
  terms: Terms;
  modes: number;
  gateways: readonly { index: number; operator: Address; signer: Address; sealingKey: Hex }[];
  threshold: number;
};

export const UNWRITTEN: ConsentSlot = { purposes: 0n, expiry: 0, modes: 0, nonce: 0, changedAt: 0 };

/** Blocks behind the head that are final. */
export const FINALITY = 2;

export class ChainDouble {
  readonly listed: Listed;
  blocks: ChainBlock[];
  /** the head at each gateway's last look */
  readonly looks = new Map<number, ChainBlock>();
  /** called before each read of a gateway */
  onRead: (() => void) | undefined;
  #forks = 0;
  /** every block there ever was, by its hash: one that a gateway saw may be gone when it says so */
  readonly #seen = new Map<Hex, ChainBlock>();
  /** no block of one chain is a block of another: gateways keep what a block's hash stands for */
  readonly #id = randomUUID();

  constructor(listed: Listed, time: number) {
    this.listed = listed;
    this.blocks = [this.#block(undefined, time, [])];
    for (let i = 0; i < FINALITY + 1; i += 1) this.mine();
  }

  get head(): ChainBlock {
    return this.blocks.at(-1)!;
  }

  get finalized(): ChainBlock {
    return this.blocks[Math.max(0, this.blocks.length - 1 - FINALITY)]!;
  }

  slot(subject: Address, block = this.head): ConsentSlot {
    return block.slots.get(subject.toLowerCase()) ?? UNWRITTEN;
  }

  proxy(subject: Address, proxy: Address, block = this.head): ProxyStatus {
    return block.proxies.get(keyOf({ subject, proxy })) ?? NO_PROXY;
  }

  /** A block with those transactions that the contracts accept. */
  mine(txs: readonly Tx[] = [], seconds = 1): ChainBlock {
    const block = this.#block(this.head, this.head.time + seconds, txs);
    this.blocks.push(block);
    return block;
  }

  /**
   * Takes the last blocks away, as far as they are not final, and puts one more in their place, with some of what they
   * held and what else comes first.
   */
  reorganise(depth: number, keep: (place: number) => boolean, others: readonly Tx[] = []): void {
    const taken = this.blocks.splice(this.blocks.length - Math.min(depth, FINALITY));
    const last = taken.at(-1)!;
    const kept = taken.flatMap(({ txs }) => txs).filter((_, place) => keep(place));
    this.#forks += 1;
    this.mine([...kept, ...others]);
    for (let i = 0; i < taken.length; i += 1) {
      this.blocks.push(this.#block(this.head, Math.max(this.head.time + 1, last.time), []));
    }
  }

  #block(parent: ChainBlock | undefined, time: number, txs: readonly Tx[]): ChainBlock {
    const number = (parent?.number ?? -1) + 1;
    const slots = new Map(parent?.slots);
    const proxies = new Map(parent?.proxies);
    const orders = new Map(parent?.orders);
    const accepted = txs.filter((tx) => this.#apply(tx, { slots, proxies, orders, number, time }));
    const hash = keccak256(toHex(`${this.#id}/${parent?.hash}/${number}/${this.#forks}/${time}`));
    const block = { number, hash, time, txs: accepted, slots, proxies, orders };
    this.#seen.set(hash, block);
    return block;
  }

  #apply(
    tx: Tx,
    on: {
      slots: Map<string, ConsentSlot>;
      proxies: Map<string, ProxyStatus>;
      orders: Map<Hex, OrderOnChain>;
      number: number;
      time: number;
    },
  ): boolean {
    if ("subject" in tx) {
      const subject = tx.subject.toLowerCase();
      const slot = on.slots.get(subject) ?? UNWRITTEN;
      if (!isProxysTime(tx, on)) return false;
      const next = nextSlot(tx, slot, on.number);
      if (!next) return false;
      on.slots.set(subject, next);
      if (tx.type === "nameProxy") {
        const { expiry, nonce: since } = tx;
        on.proxies.set(keyOf(tx), { rights: PROXY_RIGHTS.REVOKE, expiry, since });
      }
      if (tx.type === "removeProxy") on.proxies.delete(keyOf(tx));
      return true;
    }
    const known = on.orders.get(tx.id);
    if (tx.type === "fund") {
      if (known) return false;
      on.orders.set(tx.id, { order: tx.order, state: OrderState.Funded });
      return true;
    }
    if (known?.state !== OrderState.Funded) return false;
    if (tx.type === "refund") {
      on.orders.set(tx.id, { ...known, state: OrderState.Refunded });
      return true;
    }
    const { consentBlock, consentBlockHash } = tx.receipt;
    if (on.time > known.order.deliverBy) return false;
    if (this.blocks.find(({ number }) => number === consentBlock)?.hash !== consentBlockHash) return false;
    on.orders.set(tx.id, { ...known, state: OrderState.Delivered, receipt: tx.receipt });
    return true;
  }

  /** A gateway looked last before something leaves, and saw this head. */
  looked(gateway: number, hash: Hex): void {
    this.looks.set(gateway, this.#seen.get(hash)!);
  }

  /** A gateway's endpoint. */
  reader(gateway: number): SalusReader {
    const answer =
      <A extends unknown[], T>(read: (...args: A) => T) =>
      async (...args: A): Promise<T> => {
        this.onRead?.();
        return read(...args);
      };
    const publicClient = {
      getBlock: answer((which: { blockTag?: string; blockNumber?: bigint } = {}) => {
        const block = this.#which(which);
        return { number: BigInt(block.number), hash: block.hash, timestamp: BigInt(block.time) };
      }),
      getBlockNumber: answer(() => {
        this.looked(gateway, this.head.hash);
        return BigInt(this.head.number);
      }),
      readContract: answer((call: View) => this.#view(call)),
      getContractEvents: answer((query: EventQuery) => this.#events(query)),
      getCode: answer(() => undefined),
      estimateContractGas: answer(() => 100_000n),
      simulateContract: answer((call: View) => {
        const tx = this.#txOf(call);
        const trial = this.#block(this.head, this.head.time + 1, [tx]);
        if (trial.txs.length === 0) throw new BaseError(`${call.functionName} reverts.`);
        return { request: call };
      }),
      waitForTransactionReceipt: answer(() => ({
        status: "success",
        transactionHash: NO_HASH,
        gasUsed: 40_000n,
      })),
    };
    return { deployment: TEST_DEPLOYMENT, publicClient } as unknown as SalusReader;
  }

  writer(gateway: number): SalusWriter {
    const walletClient = {
      account: { address: this.listed.gateways[0]!.operator },
      writeContract: async (call: View) => {
        this.mine([this.#txOf(call)]);
        return NO_HASH;
      },
    };
    return { ...this.reader(gateway), walletClient } as unknown as SalusWriter;
  }

  #which({
    blockTag,
    blockNumber,
    blockHash,
  }: {
    blockTag?: string;
    blockNumber?: bigint;
    blockHash?: Hex;
  }): ChainBlock {
    if (blockTag === "finalized") return this.finalized;
    if (blockNumber === undefined && blockHash === undefined) return this.head;
    const found = this.blocks.find(({ number, hash }) =>
      blockHash === undefined ? BigInt(number) === blockNumber : hash === blockHash,
    );
    if (!found) throw new BaseError("The block is not part of this chain.");
    return found;
  }

  #view(call: View): unknown {
    const { asset, version, terms, modes, gateways, threshold } = this.listed;
    const block = this.#which(call);
    const [first, second] = call.args as [never, never];
    switch (call.functionName) {
      case "slotsOf":
        return (second as Address[]).map((subject) => this.slot(subject, block));
      case "statusOf":
        return {
          state: block.orders.get(first)?.state ?? OrderState.None,
          changedAt: block.time,
          cohort: 0,
          released: 0,
        };
      case "cfgOf":
        return { status: first === asset ? AssetStatus.Listed : AssetStatus.None, modes, custodian: 1 };
      case "controllerOf":
        return second;
      case "handOverOf":
        return { account: zeroAddress, inForceFrom: 0, nonce: 0, proven: false };
      case "proxyOf":
        return this.proxy(second, call.args![2] as Address, block);
      case "termsHashOf":
        return hashTerms(terms);
      case "versionHashOf":
        return hashVersion(version);
      case "setOf":
        return [gateways.map(({ index }) => index), threshold];
      default:
        throw new Error(`The chain double has no view ${call.functionName}.`);
    }
  }

  #events({ eventName, args, fromBlock = 0n, toBlock }: EventQuery): unknown[] {
    const { version, terms, gateways } = this.listed;
    const blocks = this.blocks.filter(
      ({ number }) => BigInt(number) >= fromBlock && (toBlock === undefined || BigInt(number) <= toBlock),
    );
    const each = <T>(of: (tx: Tx, block: ChainBlock) => T | undefined) =>
      blocks.flatMap((block) =>
        block.txs.flatMap((tx) => {
          const event = of(tx, block);
          return event ? [{ args: event, blockNumber: BigInt(block.number), transactionHash: NO_HASH }] : [];
        }),
      );
    switch (eventName) {
      case undefined:
        return gateways.map(({ index, ...rest }) => ({
          eventName: "GatewayAdmitted",
          args: { gateway: index, name: `gateway-${index}`, url: `http://gateway-${index}.test`, ...rest },
        }));
      case "AssetListed":
        return [{ args: { listing: { terms } } }];
      case "VersionAdded":
        return [{ args: { content: version } }];
      case "ConsentChanged":
        return consentEvents(blocks, this.blocks);
      case "OrderFunded":
        return each((tx) =>
          tx.type === "fund" && tx.id === args!["id"] ? { order: tx.order, feeBps: 0, fee: 0n } : undefined,
        );
      case "OrderDelivered":
        return each((tx) =>
          tx.type === "deliver" && tx.id === args!["id"] ? { receipt: tx.receipt, signers: [] } : undefined,
        );
      default:
        throw new Error(`The chain double has no event ${eventName}.`);
    }
  }

  #txOf({ functionName, args }: View): Tx {
    const [first, second] = args as [Order & ProxyRevocation, Receipt];
    const { subject, maxNonce, proxy, since } = first;
    if (functionName === "revokeBySig") return { type: "revoke", subject, maxNonce };
    if (functionName === "revokeTwoPerson") return { type: "revokeTwoPerson", subject, maxNonce };
    if (functionName === "revokeByProxy") return { type: "revokeByProxy", subject, maxNonce, proxy, since };
    const id = hashStruct(TEST_DEPLOYMENT, "Order", first);
    if (functionName === "deliver") return { type: "deliver", id, receipt: second };
    if (functionName === "fail" || functionName === "refund") return { type: "refund", id };
    throw new Error(`The chain double takes no ${functionName}.`);
  }
}

type View = { functionName: string; args?: readonly unknown[]; blockHash?: Hex; blockNumber?: bigint };
type EventQuery = {
  eventName?: string;
  args?: Record<string, unknown>;
  fromBlock?: bigint;
  toBlock?: bigint;
};
const NO_HASH: Hex = `0x${"00".repeat(32)}`;

const NO_PROXY: ProxyStatus = { rights: 0, expiry: 0, since: 0 };

type ConsentTx = Extract<Tx, { subject: Address }>;

function keyOf({ subject, proxy }: { subject: Address; proxy: Address }): string {
  return `${subject}/${proxy}`.toLowerCase();
}

/** Whether a word that rests on a proxy's naming still may. */
function isProxysTime(
  tx: ConsentTx,
  on: { proxies: ReadonlyMap<string, ProxyStatus>; time: number },
): boolean {
  if (tx.type !== "removeProxy" && tx.type !== "revokeByProxy") return true;
  const standing = on.proxies.get(keyOf(tx));
  if (standing?.since !== tx.since) return false;
  return tx.type === "removeProxy" || on.time < standing.expiry;
}

/** The slot after a word that the registry takes. Who names and removes proxies changes no consent, only the nonce. */
function nextSlot(tx: ConsentTx, slot: ConsentSlot, number: number): ConsentSlot | undefined {
  const raised = { ...slot, nonce: slot.nonce + 1 };
  if (tx.type === "removeProxy") return raised;
  if (tx.type === "nameProxy") return tx.nonce === slot.nonce ? raised : undefined;
  if (tx.type === "grant") {
    const { purposes, expiry, modes } = tx;
    return tx.nonce === slot.nonce ? { ...raised, purposes, expiry, modes, changedAt: number } : undefined;
  }
  const nothing = { purposes: 0n, expiry: 0, modes: 0, changedAt: number };
  if (tx.type === "stop") return { ...nothing, nonce: slot.nonce + CONSENT.REVOCATION_STEP };
  if (tx.type === "revokeTwoPerson" && (slot.modes & MODES.TWO_PERSON) === 0) return undefined;
  const reach = tx.type === "revokeByProxy" ? PROXY.PROXY_REACH : CONSENT.REVOCATION_REACH;
  const reaches = tx.maxNonce >= slot.nonce && tx.maxNonce <= slot.nonce + reach;
  return reaches ? { ...nothing, nonce: tx.maxNonce + 1 } : undefined;
}

/** As the contract emits them: the whole slot after each transaction that changed a consent. */
function consentEvents(blocks: readonly ChainBlock[], all: readonly ChainBlock[]): unknown[] {
  return blocks.flatMap((block) => {
    const before = new Map(all.find(({ number }) => number === block.number - 1)?.slots);
    return block.txs.flatMap((tx) => {
      if (!("subject" in tx)) return [];
      const subject = tx.subject.toLowerCase();
      const slot = nextSlot(tx, before.get(subject) ?? UNWRITTEN, block.number)!;
      before.set(subject, slot);
      if (tx.type === "nameProxy" || tx.type === "removeProxy") return [];
      return [{ args: { subject: tx.subject, ...slot }, blockNumber: BigInt(block.number) }];
    });
  });
}
