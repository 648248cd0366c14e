/** Where the chain and the index stand. Null: that service did not answer. */
export interface Heads {
  /** Latest block of the chain. */
  chain: number | null;
  /** Latest block that the index has read. */
  index: number | null;
  /** The index stopped on an error and will not move on by itself. */
  indexFailed: boolean;
}

/** Blocks by which the index trails the chain, or null when either is unknown. Never negative. */
export function lagOf(heads: Heads): number | null {
  if (heads.chain === null || heads.index === null) return null;
  return Math.max(0, heads.chain - heads.index);
}
