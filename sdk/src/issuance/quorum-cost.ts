/** What somebody faces who wants a share of all tokens through fees alone. */
export type QuorumQuestion = {
  /** the supply to begin with, in whole tokens */
  supply: bigint;
  /** the treasury to begin with, and the floor price of a whole token, in the reference token's smallest unit */
  treasury: bigint;
  floor: bigint;
  /** the wanted share of all tokens, in basis points */
  shareBps: bigint;
};

/** The least that it takes: fees in the reference token's smallest unit, epochs of thirty days, tokens in 10⁻¹⁸. */
export type QuorumCost = { fees: bigint; epochs: number; days: number; tokens: bigint };

const WHOLE = 10n ** 18n;
const MINT_EPOCHS = 13;

/**
 * The least fees, and the least time, in which a share of all tokens can be had through fees by somebody who is buyer,
 * custodian, curator and every contributor at once, while nobody else pays a fee or spends from the treasury: the cheapest
 * case for them. Each epoch gives at most a hundredth of the supply, at max(floor, treasury ÷ supply) with their own fees in
 * the treasury; tokens exist, and count in the supply, from the thirteenth epoch's end on.
 */
export function quorumCost({ supply, treasury, floor, shareBps }: QuorumQuestion): QuorumCost {
  const bought: bigint[] = [];
  let held = treasury;
  let minted = supply * WHOLE;
  let tokens = 0n;
  let fees = 0n;
  while (tokens * 10_000n < (supply * WHOLE + tokens) * shareBps) {
    const epoch = bought.length;
    if (epoch >= MINT_EPOCHS) minted += bought[epoch - MINT_EPOCHS]!;
    const cap = minted / 100n;
    // With the epoch's fee F in the treasury: F = cap × (treasury + F) ÷ supply, so F = treasury ÷ 99.
    const fee = max(ceil(cap * floor, WHOLE), ceil(held, 99n));
    held += fee;
    fees += fee;
    tokens += cap;
    bought.push(cap);
  }
  return { fees, epochs: bought.length, days: bought.length * 30 + 365, tokens };
}

function ceil(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
