import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OrdersModel } from "../contracts/model/orders.ts";
import { OrdersChain, STATES } from "../contracts/model/orders-chain.ts";
import { actOf, orderSteps, type Step } from "../contracts/model/orders-steps.ts";
import { sequences } from "../contracts/model/sequences.ts";
import { startLocalChain, type LocalChain } from "../support/local-chain.ts";

const FEE_BPS = 200n;
const PRICE = 100_000_000n;

let local: LocalChain;
let chain: OrdersChain;
const counts = new Map<string, number>();

beforeAll(async () => {
  local = await startLocalChain({ throwOnTransactionFailures: false });
  chain = new OrdersChain(local);
  await chain.prepare();
});
afterAll(() => local?.close());

async function replay(steps: Step[]): Promise<void> {
  const back = await chain.ledger.mark();
  try {
    await play(steps, new OrdersModel(chain.rules, FEE_BPS, PRICE));
  } finally {
    await back();
    chain.forget();
  }
}

/** Plays a sequence on the escrow and on the model; they must agree on every step, every order and every unit. */
async function play(steps: Step[], model: OrdersModel): Promise<void> {
  for (const step of steps) {
    const at = chain.ledger.now + (step.do === "wait" ? step.seconds : 1);
    const act = actOf(step, model, at);
    if (!act) {
      chain.ledger.now = at;
      continue;
    }
    const taken = await chain.send(act, at);
    const text = JSON.stringify(act, (_, value) => (typeof value === "bigint" ? `${value}` : value));
    expect(taken, text).toBe(model.take(act, at));
    counts.set(`${act.do} ${taken}`, (counts.get(`${act.do} ${taken}`) ?? 0) + 1);
  }
  for (const [number, order] of model.orders) {
    const { state, since: changedAt, reported, cohort, released, feeBps } = order;
    const expected = {
      state: STATES.indexOf(state),
      changedAt,
      reported,
      cohort,
      released,
      feeBps: Number(feeBps),
    };
    expect(await chain.status(number)).toEqual(expected);
  }
  const { held, spent, custodian, curator, commons, pot } = model;
  expect(await chain.balances()).toEqual({ held, spent, custodian, curator, commons, pot });
}

test("the escrow does what the reference model of orders says", { timeout: 3_600_000 }, async () => {
  await fc.assert(fc.asyncProperty(orderSteps, replay), {
    numRuns: sequences(),
    seed: 51,
    endOnFailure: true,
  });
  // Nothing is proven by sequences in which everything is refused.
  for (const sort of ["fund", "deliver", "report", "fail", "accept", "dispute", "rule", "settle", "refund"]) {
    expect(counts.get(`${sort} true`) ?? 0, `${sort} taken`).toBeGreaterThan(0);
    expect(counts.get(`${sort} false`) ?? 0, `${sort} refused`).toBeGreaterThan(0);
  }
});
