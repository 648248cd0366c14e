/** One act and what it cost: gas of the whole transaction, or of each item of a batch. */
export interface GasMeasure {
  /** row id, as in the design's list of commands */
  id: string;
  case: string;
  gas: number;
  /** most that the act may cost; null where the design sets none */
  bar: number | null;
}

/** Ends the bench when the result that was timed is not what it ought to be. */
export function mustBe(what: string, actual: unknown, expected: unknown): void {
  if (actual === expected) return;
  throw Object.assign(new Error(`${what} is ${String(actual)}, not ${String(expected)}.`), {
    code: "BENCH_RESULT",
    hint: "The measured act did not do what it should: run the contract tests.",
  });
}
