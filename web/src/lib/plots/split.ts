/** One receiver's part of a payment. */
export interface SplitPart {
  label: string;
  /** Smallest unit of the token. */
  amount: bigint;
}

export interface SplitSegment extends SplitPart {
  /** Start and width in a bar of 1,000 units. */
  x: number;
  width: number;
  /** Share with one decimal, as text: "62.5 %". */
  share: string;
}

const BAR = 1000n;

/** Places the parts of a payment in a bar of 1,000 units, left to right; the segments fill it exactly. */
export function layoutSplit(parts: readonly SplitPart[]): SplitSegment[] {
  const total = parts.reduce((sum, part) => sum + part.amount, 0n);
  let before = 0n;
  return parts.map((part) => {
    const x = scaled(before, total);
    before += part.amount;
    return { ...part, x, width: scaled(before, total) - x, share: shareText(part.amount, total) };
  });
}

function scaled(amount: bigint, total: bigint): number {
  return total === 0n ? 0 : Number((amount * BAR) / total);
}

function shareText(amount: bigint, total: bigint): string {
  if (total === 0n) return "0 %";
  const permille = Number((amount * 1000n + total / 2n) / total);
  return `${permille % 10 === 0 ? permille / 10 : (permille / 10).toFixed(1)} %`;
}
