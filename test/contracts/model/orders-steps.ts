import fc from "fast-check";
import type { Act, Kind, Order, OrdersModel, Ruling } from "./orders.ts";

/** At most so many orders are in a sequence. */
const ORDERS = 4;

/** In which state an order is when something can be done to it; a number beyond ORDERS picks one that is. */
const FITTING: Readonly<Record<string, (order: Order) => boolean>> = {
  deliver: ({ state }) => state === "Funded",
  fail: ({ state }) => state === "Funded",
  report: ({ state, kind, reported }) => state === "Delivered" && kind === "Download" && !reported,
  accept: ({ state }) => state === "Delivered",
  dispute: ({ state, arbitrator, kind, reported }) =>
    state === "Delivered" && arbitrator !== undefined && (kind !== "Download" || reported),
  rule: ({ state }) => state === "Disputed",
  settle: ({ state }) => state === "Delivered" || state === "Disputed",
  refund: ({ state }) => state === "Funded" || state === "Delivered",
};

const person = fc.constantFrom("buyer", "buyer", "buyer", "thief", "judge");
const judge = fc.constantFrom("judge", "judge", "judge", "judge", "other judge", "buyer", "thief");
const order = fc.nat(3 * ORDERS - 1);
const often = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 10, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
/** Members of the set in rising order, as the escrow asks for. */
const gateways = often([1, 2], [1], [2], [2, 3], [1, 3], [1, 2, 3], []);
const forged = often(false, true);

/** What is tried; `fund` and `wait` are filled in at their moment. */
export type Step =
  | Exclude<Act, { do: "fund" }>
  | { do: "wait"; seconds: number }
  | {
      do: "fund";
      by: string;
      signer: string;
      order: number;
      kind: Kind;
      within: number;
      priceMore: bigint;
      feeLess: bigint;
      arbitrator: string | undefined;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("fund" as const),
      by: person,
      signer: person,
      order,
      kind: fc.constantFrom<Kind>("Analysis", "Training", "Download", "Download"),
      within: often(30, 4, 5, 60, 61),
      priceMore: often(0n, 1n),
      feeLess: often(0n, 1n),
      arbitrator: fc.constantFrom(undefined, "judge", "judge", "other judge"),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      order,
      gateways,
      forged,
      cohort: often(7, 0, 1, 4_000_000_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      order,
      gateways,
      forged,
      count: fc.constantFrom(0, 1, 3, 7, 8),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fail" as const), order, gateways, forged }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("accept" as const), order, by: person, signer: person }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("dispute" as const), order, by: judge }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("rule" as const),
      order,
      by: judge,
      ruling: fc.constantFrom<Ruling>("None", "Pay", "Refund"),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("settle" as const), order }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("refund" as const), order }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 2, 3, 3, 4, 5, 29, 30, 31, 45, 46),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("setFee" as const),
      bps: fc.constantFrom(0, 1, 333, 1_000, 1_001),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("setPrice" as const),
      price: fc.constantFrom(0n, 1n, 7n, 1_007n, 99_999_999n),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("setArbitrator" as const),
      name: fc.constantFrom("judge", "judge", "other judge"),
    }),
  },
  {
    weight: 1,
    arbitrary: often<Step>(
      { do: "setPrice", price: 1_000n },
      { do: "delist" },
      { do: "removeGateway", gateway: 1 },
      { do: "removeGateway", gateway: 3 },
    ),
  },
);

export const orderSteps: fc.Arbitrary<Step[]> = fc
  .array(step, { minLength: 24, maxLength: 40 })
  // So that there is something to do from the start.
  .map((steps) => [{ do: "setArbitrator", name: "judge" }, ...steps]);

function placeOf({ do: what, order: drawn }: { do: string; order: number }, model: OrdersModel): number {
  const fits = FITTING[what];
  if (drawn < ORDERS || !fits) return drawn % ORDERS;
  const fitting = [...model.orders].flatMap(([number, each]) => (fits(each) ? [number] : []));
  return fitting[drawn % fitting.length] ?? drawn % ORDERS;
}

/** The act that a step comes to now; undefined for a wait. */
export function actOf(step: Step, model: OrdersModel, now: number): Act | undefined {
  if (step.do === "wait") return undefined;
  if (!("order" in step)) return step;
  const number = placeOf(step, model);
  if (step.do === "dispute" || step.do === "rule") {
    // The judge that is drawn is the order's own, where it has one.
    const own = step.by === "judge" ? model.orders.get(number)?.arbitrator : undefined;
    return { ...step, order: number, by: own ?? step.by };
  }
  if (step.do !== "fund") return { ...step, order: number };
  const { by, signer, kind, within, priceMore, feeLess } = step;
  const arbitrator = step.arbitrator === "judge" ? model.arbitrator : step.arbitrator;
  const known = model.orders.get(number);
  if (known) return { do: "fund", by, signer, order: number, fixed: known };
  const price = model.price + priceMore;
  const fee = (price * model.feeBps) / 10_000n;
  const maxFee = fee > feeLess ? fee - feeLess : fee;
  return {
    do: "fund",
    by,
    signer,
    order: number,
    fixed: { kind, price, maxFee, arbitrator, deliverBy: now + within },
  };
}
