/**
 * The reference model of the order machine and its money: written from the design's section on orders and the escrow's
 * interface, not from the contract. Accounts go by names; a message says who sends it and whose signatures it carries.
 */

export type State = "None" | "Funded" | "Delivered" | "Disputed" | "Settled" | "Refunded";
export type Kind = "Analysis" | "Training" | "Download";
export type Ruling = "None" | "Pay" | "Refund";

/** What a buyer fixes when an order is funded. */
export interface Fixed {
  kind: Kind;
  price: bigint;
  maxFee: bigint;
  arbitrator?: string;
  deliverBy: number;
}

/** One call. `gateways` are those whose signatures it carries; `forged`: one of them is not theirs. */
export type Act =
  | { do: "fund"; by: string; signer: string; order: number; fixed: Fixed }
  | { do: "deliver"; order: number; gateways: number[]; forged: boolean; cohort: number }
  | { do: "report"; order: number; gateways: number[]; forged: boolean; count: number }
  | { do: "fail"; order: number; gateways: number[]; forged: boolean }
  | { do: "accept"; by: string; signer: string; order: number }
  | { do: "dispute"; by: string; order: number }
  | { do: "rule"; by: string; order: number; ruling: Ruling }
  | { do: "settle"; order: number }
  | { do: "refund"; order: number }
  | { do: "setFee"; bps: number }
  | { do: "setArbitrator"; name: string }
  | { do: "setPrice"; price: bigint }
  | { do: "delist" }
  | { do: "removeGateway"; gateway: number };

/** Periods in seconds and shares in basis points of the deployment. */
export interface Rules {
  buyer: string;
  executor: number;
  threshold: number;
  minDelivery: number;
  maxDelivery: number;
  disputeWindow: number;
  reportWindow: number;
  rulingWindow: number;
  custodianBps: bigint;
  curatorBps: bigint;
}

export interface Order extends Fixed {
  state: State;
  feeBps: bigint;
  /** when its state began; of a reported download when it was reported */
  since: number;
  reported: boolean;
  cohort: number;
  released: number;
}

const WHOLE = 10_000n;

export class OrdersModel {
  readonly #rules: Rules;
  readonly orders = new Map<number, Order>();
  readonly #removed = new Set<number>();
  feeBps: bigint;
  price: bigint;
  arbitrator: string | undefined;
  delisted = false;
  /** what the buyer has paid in and not got back, and where money lies */
  spent = 0n;
  custodian = 0n;
  curator = 0n;
  commons = 0n;
  pot = 0n;

  constructor(rules: Rules, feeBps: bigint, price: bigint) {
    this.#rules = rules;
    this.feeBps = feeBps;
    this.price = price;
  }

  /** What the escrow must hold: price and fee of every open order. */
  get held(): bigint {
    const open = [...this.orders.values()].filter(({ state }) => !["Settled", "Refunded"].includes(state));
    return open.reduce((sum, order) => sum + order.price + feeOf(order), 0n);
  }

  /** Does what an act asks for, or refuses and stays as it was. */
  take(act: Act, now: number): boolean {
    const change = this.#change(act, now);
    change?.();
    return change !== undefined;
  }

  #change(act: Act, now: number): (() => void) | undefined {
    switch (act.do) {
      case "fund":
        return this.#mayFund(act, now) ? () => this.#fund(act.order, act.fixed, now) : undefined;
      case "setFee":
        return act.bps <= 1_000 ? () => void (this.feeBps = BigInt(act.bps)) : undefined;
      case "setArbitrator":
        return () => void (this.arbitrator = act.name);
      case "setPrice":
        return () => void (this.price = act.price);
      case "delist":
        return this.delisted ? undefined : () => void (this.delisted = true);
      case "removeGateway":
        return this.#removed.has(act.gateway) ? undefined : () => void this.#removed.add(act.gateway);
      default: {
        const order = this.orders.get(act.order);
        return order && this.#move(act, order, now);
      }
    }
  }

  #move(
    act: Exclude<Act, { do: "fund" | "setFee" | "setArbitrator" | "setPrice" | "delist" | "removeGateway" }>,
    order: Order,
    now: number,
  ): (() => void) | undefined {
    switch (act.do) {
      case "deliver":
        return this.#mayDeliver(act, order, now)
          ? () => enter(order, "Delivered", now, { cohort: act.cohort })
          : undefined;
      case "report":
        return this.#mayReport(act, order, now)
          ? () => enter(order, "Delivered", now, { reported: true, released: act.count })
          : undefined;
      case "fail": {
        const signed =
          this.#signed(act) && (act.gateways.includes(this.#rules.executor) || this.#enough(act));
        return order.state === "Funded" && signed ? () => this.#refund(order, now) : undefined;
      }
      case "accept": {
        const says = act.by === this.#rules.buyer || act.signer === this.#rules.buyer;
        return isPayable(order) && says ? () => this.#settle(order, now) : undefined;
      }
      case "dispute": {
        const inTime = now < order.since + this.#rules.disputeWindow;
        const may = isPayable(order) && inTime && act.by === order.arbitrator;
        return may ? () => enter(order, "Disputed", now) : undefined;
      }
      case "rule": {
        const inTime = now < order.since + this.#rules.rulingWindow;
        if (order.state !== "Disputed" || !inTime || act.by !== order.arbitrator) return undefined;
        return () => (act.ruling === "Refund" ? this.#refund(order, now) : this.#settle(order, now));
      }
      case "settle":
        return this.#maySettle(order, now) ? () => this.#settle(order, now) : undefined;
      case "refund":
        return this.#mayRefund(order, now) ? () => this.#refund(order, now) : undefined;
    }
  }

  #mayFund({ by, signer, order, fixed }: Extract<Act, { do: "fund" }>, now: number): boolean {
    const { buyer, minDelivery, maxDelivery } = this.#rules;
    const inTime = fixed.deliverBy >= now + minDelivery && fixed.deliverBy <= now + maxDelivery;
    const asNow = fixed.price === this.price && (fixed.price * this.feeBps) / WHOLE <= fixed.maxFee;
    const arbitrated = fixed.arbitrator === undefined || fixed.arbitrator === this.arbitrator;
    const says = by === buyer || signer === buyer;
    return says && !this.orders.has(order) && !this.delisted && inTime && asNow && arbitrated;
  }

  #fund(number: number, fixed: Fixed, now: number): void {
    const open = {
      state: "Funded",
      feeBps: this.feeBps,
      since: now,
      reported: false,
      cohort: 0,
      released: 0,
    } as const;
    const order: Order = { ...fixed, ...open };
    this.orders.set(number, order);
    this.spent += order.price + feeOf(order);
  }

  /** Every signature must be that of an active gateway. */
  #signed({ gateways, forged }: { gateways: number[]; forged: boolean }): boolean {
    return !forged && gateways.length > 0 && gateways.every((gateway) => !this.#removed.has(gateway));
  }

  #enough({ gateways }: { gateways: number[] }): boolean {
    return gateways.length >= this.#rules.threshold;
  }

  #mayDeliver(act: Extract<Act, { do: "deliver" }>, order: Order, now: number): boolean {
    const signed = this.#signed(act) && this.#enough(act) && act.gateways.includes(this.#rules.executor);
    // A download of nobody's records is delivered and pays nothing; an analysis of nobody is none.
    const ofSomebody = act.cohort > 0 || order.kind === "Download";
    return order.state === "Funded" && now <= order.deliverBy && signed && ofSomebody;
  }

  #mayReport(act: Extract<Act, { do: "report" }>, order: Order, now: number): boolean {
    const open = order.state === "Delivered" && order.kind === "Download" && !order.reported;
    const inTime = now <= order.since + this.#rules.reportWindow;
    return open && inTime && act.count <= order.cohort && this.#signed(act) && this.#enough(act);
  }

  #maySettle(order: Order, now: number): boolean {
    if (order.state === "Disputed") return now >= order.since + this.#rules.rulingWindow;
    return isPayable(order) && now >= order.since + this.#rules.disputeWindow;
  }

  #mayRefund(order: Order, now: number): boolean {
    if (order.state === "Funded") return this.delisted || now > order.deliverBy;
    const unreported = order.state === "Delivered" && order.kind === "Download" && !order.reported;
    return unreported && now > order.since + this.#rules.reportWindow;
  }

  #settle(order: Order, now: number): void {
    const whole = feeOf(order);
    const [price, fee] = [order.price, whole].map((amount) => proRata(order, amount)) as [bigint, bigint];
    const custodian = (price * this.#rules.custodianBps) / WHOLE;
    const curator = (price * this.#rules.curatorBps) / WHOLE;
    this.custodian += custodian;
    this.curator += curator;
    this.commons += fee;
    this.pot += price - custodian - curator;
    this.spent -= order.price - price + whole - fee;
    enter(order, "Settled", now);
  }

  #refund(order: Order, now: number): void {
    this.spent -= order.price + feeOf(order);
    enter(order, "Refunded", now);
  }
}

function feeOf({ price, feeBps }: Order): bigint {
  return (price * feeBps) / WHOLE;
}

/** Of a download only what was released is paid for, rounded in the buyer's favour. */
function proRata({ kind, cohort, released }: Order, amount: bigint): bigint {
  if (kind !== "Download") return amount;
  return cohort === 0 ? 0n : (amount * BigInt(released)) / BigInt(cohort);
}

/** Delivered, and of a download reported: it can be accepted, disputed, and in time settled. */
function isPayable({ state, kind, reported }: Order): boolean {
  return state === "Delivered" && (kind !== "Download" || reported);
}

function enter(order: Order, state: State, now: number, more: Partial<Order> = {}): void {
  Object.assign(order, more, { state, since: now });
}
