/*
 * Work of many requests done in one go. Whoever asks while a run is under way is served by the next one, never by a run that
 * began before: what it reads or writes is as fresh as if it had been done for this one request alone.
 */

/** Most items of one run. */
const MOST = 256;

type Waiting<T, R> = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void };

/** What becomes of the others when a run fails: each is tried alone, or all fail with it. */
type OnFailure = "each alone" | "all fail";

/**
 * Collects the items of a key while a run for it is under way and hands them to its next run together. Keys do not wait for
 * one another.
 *
 * @param run gives one result for each item, in their order
 */
export function inBatchesBy<K, T, R>(
  run: (key: K, items: readonly T[]) => Promise<readonly R[]>,
  onFailure: OnFailure = "each alone",
): (key: K, item: T) => Promise<R> {
  const lines = new Map<K, Waiting<T, R>[]>();
  const work = async (key: K, waiting: Waiting<T, R>[]) => {
    // What is asked for in this very turn of the event loop comes along.
    while (waiting.length > 0) {
      await new Promise(setImmediate);
      await settle((items) => run(key, items), waiting.splice(0, MOST), onFailure);
    }
    lines.delete(key);
  };
  return (key, item) =>
    new Promise<R>((resolve, reject) => {
      const line = lines.get(key);
      if (line) line.push({ item, resolve, reject });
      else {
        const begun = [{ item, resolve, reject }];
        lines.set(key, begun);
        void work(key, begun);
      }
    });
}

/** {@link inBatchesBy} with one line for all. */
export function inBatches<T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  const ask = inBatchesBy<undefined, T, R>((_, items) => run(items));
  return (item) => ask(undefined, item);
}

/** Makes a reading that is shared by all who ask for it before it begins; each key has its own. */
export function sharedBy<K, T>(read: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const ask = inBatchesBy<K, undefined, T>(async (key, { length }) => {
    const found = await read(key);
    return Array.from({ length }, () => found);
  }, "all fail");
  return (key) => ask(key, undefined);
}

async function settle<T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  batch: readonly Waiting<T, R>[],
  onFailure: OnFailure,
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item));
    batch.forEach(({ resolve }, i) => resolve(results[i]!));
  } catch (error) {
    if (batch.length === 1 || onFailure === "all fail") for (const { reject } of batch) reject(error);
    else for (const each of batch) await settle(run, [each], onFailure);
  }
}
