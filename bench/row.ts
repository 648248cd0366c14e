/**
 * One measurement. `bar` is what it must reach, `ok` whether it did; `peer` names what it is compared with, `peerValue`
 * is that one's value in the same unit, `ratio` is value ÷ peerValue. Fields without a meaning for a row are null.
 */
export interface BenchRow {
  id: string;
  case: string;
  value: number;
  unit: string;
  bar: number | null;
  ok: boolean | null;
  peer: string | null;
  peerValue: number | null;
  ratio: number | null;
}

/** A row for a value that must not exceed its bar. */
export function atMost(id: string, name: string, value: number, unit: string, bar: number): BenchRow {
  return { id, case: name, value, unit, bar, ok: value <= bar, peer: null, peerValue: null, ratio: null };
}

/** A row for a value that must reach its bar, or has none; what it is compared with is stated beside it. */
export function atLeast(
  id: string,
  name: string,
  value: number,
  unit: string,
  bar: number | null,
  { peer, peerValue }: { peer: string; peerValue: number },
): BenchRow {
  const ok = bar === null ? null : value >= bar;
  return { id, case: name, value, unit, bar, ok, peer, peerValue, ratio: value };
}

/** What every `bench/<name>.ts` exports. It calls the production entry point and checks the result that it timed. */
export interface BenchModule {
  rows: () => Promise<BenchRow[]>;
}
