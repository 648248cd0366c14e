/** Text put before and after ranges of a source. Ranges nest or lie apart; they never cross. */
export class Edits {
  readonly #source: Buffer;
  readonly #wraps: { start: number; end: number; before: string; after: string }[] = [];

  constructor(source: Buffer) {
    this.#source = source;
  }

  /** Encloses a range, inside of what was asked to enclose the same range earlier. */
  wrap(start: number, end: number, before: string, after: string): void {
    this.#wraps.push({ start, end, before, after });
  }

  insert(at: number, text: string): void {
    this.wrap(at, at, text, "");
  }

  /** The source with all that was put in. */
  toString(): string {
    const points: { at: number; text: string; rank: number[] }[] = [];
    this.#wraps.forEach(({ start, end, before, after }, order) => {
      // At one offset: first what ends here, the innermost first; then what stands alone; then what begins, the
      // outermost first.
      if (start === end) points.push({ at: start, text: before, rank: [1, order, 0] });
      else {
        points.push({ at: start, text: before, rank: [2, -end, order] });
        points.push({ at: end, text: after, rank: [0, -start, -order] });
      }
    });
    points.sort((a, b) => a.at - b.at || compare(a.rank, b.rank));
    let done = 0;
    let out = "";
    for (const { at, text } of points) {
      out += this.#source.subarray(done, at).toString() + text;
      done = at;
    }
    return out + this.#source.subarray(done).toString();
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - b[i]!;
  return 0;
}
