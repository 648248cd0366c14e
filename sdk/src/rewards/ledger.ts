import type { Hex } from "viem";
import { SalusError } from "../errors.ts";

/** Money that came to a dataset's contributors, as the chain's events tell it, in their order. */
export type RewardEvent =
  /** A pot was credited: by an order's settlement, by a model's royalties, or by somebody's gift. */
  | { type: "credit"; pot: Hex; amount: bigint; contributorsRoot?: Hex }
  /** A pot's whole content went to the rewards contract, at a time in seconds. */
  | { type: "collect"; pot: Hex; amount: bigint; time: number }
  /** Somebody paid into the rewards contract itself. */
  | { type: "gift"; amount: bigint };

/** How many contributors of one root carry each weight. */
export type Weights = ReadonlyMap<number, number>;

/** What has been divided among one root's contributors. */
export type RootShares = {
  /**
   * What a contributor of this weight earned, and how much of it at or before a time.
   * @param until seconds; without it everything
   */
  earned(weight: number, until?: number): bigint;
};

/** The outcome of a dataset's events. */
export type Ledger = {
  /** by contributors root */
  shares: ReadonlyMap<Hex, RootShares>;
  /** everything that the rewards contract received */
  funded: bigint;
  /** what is funded and belongs to nobody yet: remainders, and money that no order's contributors earned */
  undistributed: bigint;
};

type Credit = Extract<RewardEvent, { type: "credit" }>;
type Slice = { time: number; upTo: Map<number, bigint> };

/**
 * Divides a dataset's money among the contributors of its orders. The rule:
 *
 * - money counts once its pot is collected, in the order of the credits to that pot;
 * - a credit that names contributors of total weight W > 0 is divided together with all that is undistributed then: a
 *   contributor of weight w gets ⌊amount × w ÷ W⌋, and what the floors leave is undistributed again, carried to the next;
 * - a credit without contributors, or whose contributors all have weight 0, is undistributed, as is a gift.
 *
 * The outcome depends on the events alone and only grows with them: nobody's amount ever falls.
 *
 * @param weightsOf how many contributors of a root have each weight
 * @throws SDK_REWARDS_INCOMPLETE when a pot's collected amount is not the sum of its credits
 */
export function divide(events: Iterable<RewardEvent>, weightsOf: (root: Hex) => Weights): Ledger {
  const waiting = new Map<Hex, Credit[]>();
  const slices = new Map<Hex, Slice[]>();
  let funded = 0n;
  let undistributed = 0n;
  for (const event of events) {
    if (event.type === "credit") {
      const queue = waiting.get(event.pot);
      if (queue) queue.push(event);
      else waiting.set(event.pot, [event]);
      continue;
    }
    funded += event.amount;
    if (event.type === "gift") {
      undistributed += event.amount;
      continue;
    }
    const credits = waiting.get(event.pot) ?? [];
    waiting.delete(event.pot);
    assertWhole(event, credits);
    for (const credit of credits) {
      undistributed += credit.amount;
      if (credit.contributorsRoot === undefined) continue;
      undistributed = share(credit.contributorsRoot, event.time, undistributed);
    }
  }
  return {
    funded,
    undistributed,
    shares: new Map([...slices].map(([root, list]) => [root, sharesOf(list)])),
  };

  /** Divides `amount` among a root's contributors; returns what is left. */
  function share(root: Hex, time: number, amount: bigint): bigint {
    const weights = weightsOf(root);
    let whole = 0n;
    for (const [weight, people] of weights) whole += BigInt(weight) * BigInt(people);
    if (whole === 0n) return amount;
    const list = slices.get(root) ?? [];
    slices.set(root, list);
    const before = list.at(-1)?.upTo;
    const upTo = new Map<number, bigint>();
    let left = amount;
    for (const [weight, people] of weights) {
      const part = (amount * BigInt(weight)) / whole;
      left -= part * BigInt(people);
      upTo.set(weight, (before?.get(weight) ?? 0n) + part);
    }
    list.push({ time, upTo });
    return left;
  }
}

function sharesOf(slices: readonly Slice[]): RootShares {
  return {
    earned(weight, until = Number.MAX_SAFE_INTEGER) {
      const slice = slices.findLast(({ time }) => time <= until);
      return slice?.upTo.get(weight) ?? 0n;
    },
  };
}

function assertWhole({ pot, amount }: { pot: Hex; amount: bigint }, credits: readonly Credit[]): void {
  const known = credits.reduce((sum, credit) => sum + credit.amount, 0n);
  if (known === amount) return;
  throw new SalusError({
    code: "SDK_REWARDS_INCOMPLETE",
    message: `${amount} were collected from pot ${pot}, but the events credit it with ${known}.`,
    details: { pot, collected: String(amount), credited: String(known) },
  });
}
