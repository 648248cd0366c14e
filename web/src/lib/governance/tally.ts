/** Votes of a proposal, in 10⁻¹⁸ tokens. */
export interface Tally {
  for: bigint;
  against: bigint;
  abstain: bigint;
  /** Votes for and abstentions that it needs to count; null while it cannot be known. */
  quorum: bigint | null;
}

/** A bar of votes, in parts of 1000 of its length. */
export interface TallyBar {
  segments: { kind: "for" | "against" | "abstain"; x: number; width: number }[];
  /** Where the quorum is reached, along votes for and abstentions; null when it lies outside or is not known. */
  quorumX: number | null;
}

const LENGTH = 1000n;

/**
 * Lays a tally out as one bar: votes for and abstentions first, because the quorum counts both, then those against. The
 * bar is as long as all votes or the quorum, whichever is more, so that what is missing stays empty.
 */
export function layoutTally({ for: yes, against, abstain, quorum }: Tally): TallyBar {
  const cast = yes + abstain + against;
  const whole = quorum !== null && quorum > cast ? quorum : cast;
  if (whole === 0n) return { segments: [], quorumX: null };
  const at = (votes: bigint) => Number((votes * LENGTH) / whole);
  const parts = [
    { kind: "for", from: 0n, votes: yes },
    { kind: "abstain", from: yes, votes: abstain },
    { kind: "against", from: yes + abstain, votes: against },
  ] as const;
  return {
    segments: parts
      .filter(({ votes }) => votes > 0n)
      .map(({ kind, from, votes }) => ({ kind, x: at(from), width: at(from + votes) - at(from) })),
    quorumX: quorum === null ? null : at(quorum),
  };
}

/** How much of the quorum is there, in whole percent, rounded down, at most 100. */
export function quorumPercent({ for: yes, abstain, quorum }: Tally): number | null {
  if (quorum === null) return null;
  if (quorum === 0n || yes + abstain >= quorum) return 100;
  return Number(((yes + abstain) * 100n) / quorum);
}
