/**
 * The issuance by its rules alone, written apart from the contract and in another shape: a list of what happened, and from
 * it what everybody paid, got and is entitled to. Exact fractions, no rounding until the end.
 */

/** Who belongs to the coalition; everybody else is an outsider. */
export type Sides = { buyer: boolean; custodian: boolean; curator: boolean; patientsBps: bigint };

export type Happening =
  | {
      type: "order";
      sides: Sides;
      price: bigint;
      custodianBps: bigint;
      curatorBps: bigint;
      /** share of a download that was released, in basis points; 10,000 for everything else; undefined: refunded */
      releasedBps?: bigint;
    }
  | { type: "fee"; bps: bigint }
  | { type: "floor"; floor: bigint }
  | { type: "drain"; bps: bigint }
  | { type: "gift"; amount: bigint }
  /** the epoch ends; what it is entitled to is minted thirteen epochs later */
  | { type: "month" };

/** A fraction of bigints; the denominator is above zero. */
export type Fraction = { n: bigint; d: bigint };

/** What the coalition's own orders cost it, and what the tokens that they give it are worth at their issue prices. */
export type Outcome = { cost: Fraction; value: Fraction; issued: Fraction; epochs: EpochOutcome[] };
export type EpochOutcome = { fees: bigint; price: Fraction; tokens: Fraction; supply: Fraction };

const BPS = 10_000n;

export function play(
  happenings: readonly Happening[],
  start: { supply: bigint; treasury: bigint; feeBps: bigint; floor: bigint },
): Outcome {
  let { treasury, feeBps, floor } = start;
  let nextFloor = floor;
  let supply: Fraction = { n: start.supply, d: 1n };
  let cost: Fraction = { n: 0n, d: 1n };
  let value: Fraction = { n: 0n, d: 1n };
  let issued: Fraction = { n: 0n, d: 1n };
  let month: { fee: bigint; share: Fraction }[] = [];
  const epochs: EpochOutcome[] = [];
  for (const h of [...happenings, { type: "month" } as const]) {
    if (h.type === "fee") feeBps = h.bps;
    else if (h.type === "floor") nextFloor = h.floor;
    else if (h.type === "drain") treasury -= (treasury * h.bps) / BPS;
    else if (h.type === "gift") treasury += h.amount;
    else if (h.type === "order") {
      if (h.releasedBps === undefined) continue; // all is paid back
      const price = (h.price * h.releasedBps) / BPS;
      const fee = (((h.price * feeBps) / BPS) * h.releasedBps) / BPS;
      treasury += fee;
      // Shares of the price, and of the tokens, that come back to the coalition.
      const back =
        (h.sides.custodian ? h.custodianBps : 0n) * BPS +
        (h.sides.curator ? h.curatorBps : 0n) * BPS +
        (BPS - h.custodianBps - h.curatorBps) * h.sides.patientsBps;
      const share: Fraction = { n: back, d: BPS * BPS };
      if (h.sides.buyer) {
        // What left the coalition: the fee, and the part of the price that outsiders got.
        cost = add(cost, { n: fee, d: 1n });
        cost = add(cost, times({ n: price, d: 1n }, { n: share.d - share.n, d: share.d }));
      }
      month.push({ fee, share: h.sides.buyer ? share : { n: 0n, d: 1n } });
    } else {
      const fees = month.reduce((sum, { fee }) => sum + fee, 0n);
      const backing = { n: treasury * supply.d, d: supply.n };
      const price = more({ n: floor, d: 1n }, backing);
      const bought = { n: fees * price.d, d: price.n };
      const cap = { n: supply.n, d: supply.d * 100n };
      const tokens = less(bought, cap);
      for (const { fee, share } of month) {
        if (fees === 0n || fee === 0n) continue;
        const own = times(times(tokens, { n: fee, d: fees }), share);
        value = add(value, times(own, price));
      }
      issued = add(issued, tokens);
      epochs.push({ fees, price, tokens, supply });
      const due = epochs[epochs.length - 14];
      if (due) supply = round(add(supply, due.tokens));
      floor = nextFloor;
      month = [];
    }
  }
  return { cost, value, issued, epochs };
}

export function atMost(a: Fraction, b: Fraction): boolean {
  return a.n * b.d <= b.n * a.d;
}

export function add(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.n, d: a.d * b.d };
}

const more = (a: Fraction, b: Fraction) => (atMost(a, b) ? b : a);
const less = (a: Fraction, b: Fraction) => (atMost(a, b) ? a : b);

/** Down to 10⁻¹⁸, so that long stories stay short numbers. */
function round({ n, d }: Fraction): Fraction {
  return { n: (n * 10n ** 18n) / d, d: 10n ** 18n };
}
