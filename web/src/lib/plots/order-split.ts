import type { SplitPart } from "./split.ts";

const WHOLE_BPS = 10_000n;

/** What a payment is divided by. */
export interface SplitTerms {
  /** Smallest unit of the token. */
  price: bigint;
  custodianBps: number;
  curatorBps: number;
  feeBps: number;
}

/**
 * Divides the payment of one order as the escrow does: shares are rounded down and what is left of the price goes
 * to the asset's pot; the protocol fee comes on top of the price.
 */
export function orderSplit(terms: SplitTerms): {
  pot: bigint;
  custodian: bigint;
  curator: bigint;
  fee: bigint;
} {
  const part = (bps: number) => (terms.price * BigInt(bps)) / WHOLE_BPS;
  const custodian = part(terms.custodianBps);
  const curator = part(terms.curatorBps);
  return { pot: terms.price - custodian - curator, custodian, curator, fee: part(terms.feeBps) };
}

/** The parts of a dataset order in words. */
export function datasetSplit(terms: SplitTerms): SplitPart[] {
  const split = orderSplit(terms);
  return [
    { label: "People whose records are used", amount: split.pot },
    { label: "Institution that keeps the records", amount: split.custodian },
    { label: "Owner of the dataset", amount: split.curator },
    { label: "The commons (protocol fee)", amount: split.fee },
  ];
}

/** The parts of one use of a model in words: what is left in its pot flows to its parents by their shares. */
export function modelSplit(
  terms: SplitTerms & { parents: readonly { title: string; shareBps: number }[] },
): SplitPart[] {
  const split = orderSplit(terms);
  const parents = terms.parents.map((parent) => ({
    label: `People whose records taught it (${parent.title})`,
    amount: (terms.price * BigInt(parent.shareBps)) / WHOLE_BPS,
  }));
  const toParents = parents.reduce((sum, parent) => sum + parent.amount, 0n);
  const rest = split.pot - toParents;
  return [
    { label: "Developer of the model", amount: split.curator },
    ...parents,
    { label: "Institution that runs it", amount: split.custodian },
    ...(rest > 0n ? [{ label: "The model's own pot", amount: rest }] : []),
    { label: "The commons (protocol fee)", amount: split.fee },
  ];
}
