/** Leaves `from` up to but without `to`. */
export type Range = { from: number; to: number };

/** Name of a perfect subtree: node `index` of `level`, above the leaves index·2^level … (index+1)·2^level − 1. */
export type NodeKey = { level: number; index: number };

/**
 * The ranges whose hashes make up the audit path of a leaf, in the order of RFC 6962 §2.1.1.
 *
 * @param index below `size`
 */
export function inclusionRanges(index: number, size: number): Range[] {
  const path: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  return path.reverse();
}

/**
 * The ranges whose hashes make up the consistency proof between two sizes, in the order of RFC 6962 §2.1.2; none from
 * nothing, or between equal sizes.
 */
export function consistencyRanges(first: number, second: number): Range[] {
  if (first === 0) return [];
  const path: Range[] = [];
  let [from, to] = [0, second];
  while (to !== first) {
    const middle = from + split(to - from);
    if (first <= middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  // A whole first tree is known to who asks; a part of it is not.
  if (from !== 0) path.push({ from, to });
  return path.reverse();
}

/** The perfect subtrees that a range is made of, left to right: O(log n) of them. Ranges of proofs begin on a boundary. */
export function perfectNodes({ from, to }: Range): NodeKey[] {
  const nodes: NodeKey[] = [];
  for (let at = from; at < to;) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** The largest power of two below a length of at least 2. */
function split(length: number): number {
  let k = 1;
  while (k * 2 < length) k *= 2;
  return k;
}
