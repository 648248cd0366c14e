import type { OrderView } from "@salus/sdk/gateway/types";
import type { PublicConfig } from "#lib/config.ts";
import { load, type Loaded } from "#lib/data/loaded.ts";
import { readOrder } from "#lib/data/orders.ts";
import type { Hex, OrderDetail, OrderStateName } from "#lib/data/types.ts";
import { toErrorView, type ErrorView } from "#lib/errors.ts";
import type { GraphClient } from "#lib/graph/client.ts";
import { readChainTime } from "#lib/rpc.ts";
import { findEntry, type JournalEntry } from "./journal.ts";

/** How often a running order is looked at again, in ms. */
const POLL_MS = 1500;
const ENDED: readonly OrderStateName[] = ["Settled", "Refunded"];

/** True when nothing more will happen to an order. */
export function orderEnded(order: OrderDetail | null): boolean {
  return order !== null && ENDED.includes(order.state);
}

/**
 * Follows one order until it has ended, and hands its job over if this browser placed it and the gateway does not have
 * it yet. Everything that it needs is in the index, on the chain and in this browser's journal, so a reload at any
 * moment goes on where the page was.
 */
export class OrderRun {
  order = $state.raw<Loaded<OrderDetail | null>>();
  /** What the gateway that runs the job says. */
  work = $state.raw<OrderView | null>(null);
  /** Why the gateway could not be asked or would not take the job. */
  trouble = $state.raw<ErrorView | null>(null);
  /** This browser placed the order: it holds the key to its result. */
  mine = $state(false);
  /** The chain's own clock in seconds, 0 while unknown. */
  chainTime = $state(0);
  readonly #graph: GraphClient;
  readonly #config: PublicConfig;
  readonly #id: Hex;
  #entry: JournalEntry | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: { graph: GraphClient; config: PublicConfig; id: Hex }) {
    this.#graph = options.graph;
    this.#config = options.config;
    this.#id = options.id;
  }

  /** Starts following; returns the way to stop. */
  follow(): () => void {
    void this.#start();
    return () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
    };
  }

  async #start(): Promise<void> {
    try {
      this.#entry = await findEntry(this.#id);
      this.mine = this.#entry !== undefined;
    } catch (thrown) {
      this.trouble = toErrorView(thrown);
    }
    await this.#tick();
  }

  async #tick(): Promise<void> {
    const order = await load(() => this.#read());
    if (this.#stopped) return;
    this.order = order;
    if (order.ok && order.data) await this.#look(order.data);
    if (this.#stopped || (order.ok && orderEnded(order.data))) return;
    this.#timer = setTimeout(() => void this.#tick(), POLL_MS);
  }

  /** The index first; while it does not have the order or does not answer, the chain. */
  async #read(): Promise<OrderDetail | null> {
    const fromIndex = await load(() => readOrder(this.#graph, this.#config, this.#id));
    if (fromIndex.ok && fromIndex.data) return fromIndex.data;
    const { readOrderFromChain } = await import("#lib/actions/order-from-chain.ts");
    return readOrderFromChain(this.#config, this.#id);
  }

  async #look(order: OrderDetail): Promise<void> {
    this.trouble = null;
    if (orderEnded(order)) return;
    try {
      this.chainTime = await readChainTime(fetch);
      if (order.state === "Funded") await this.#work(order);
    } catch (thrown) {
      this.trouble = toErrorView(thrown);
    }
  }

  async #work({ gateway }: OrderDetail): Promise<void> {
    const { askProgress, handOver } = await import("./hand-over.ts");
    // Handing over what the gateway has already tells where it stands, so the buyer's browser need not ask first.
    const first = this.#entry !== undefined && this.work === null;
    this.work = first
      ? await handOver(this.#config, gateway, this.#entry!)
      : await askProgress(this.#config, gateway, this.#id);
  }
}
