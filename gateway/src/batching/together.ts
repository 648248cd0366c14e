/*
 * Work of many requests done in one go. Whoever asks while a run is under way is served by the next one, never by a run that
 * began before: what it reads or writes is as fresh as if it had been done for this one request alone.
 */

/** Most items of one run. */
const MOST = 256;

type Waiting<T, R> = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void };

/**
 * Collects items while a run is under way and hands them to the next run together.
 *
 * @param run gives one result for each item, in their order
 */
export function inBatches<T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let running = false;
  const work = async () => {
    running = true;
    try {
      // What was asked for in this very turn comes along.
      await Promise.resolve();
      while (waiting.length > 0) {
        const batch = waiting.slice(0, MOST);
        waiting = waiting.slice(MOST);
        await settle(run, batch);
      }
    } finally {
      running = false;
    }
  };
  return (item) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void work();
    });
}

/** A run that fails is repeated for each of its items alone: none fails for another's fault. */
async function settle<T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  batch: readonly Waiting<T, R>[],
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item));
    batch.forEach(({ resolve }, i) => resolve(results[i]!));
  } catch (error) {
    if (batch.length === 1) batch[0]!.reject(error);
    else for (const each of batch) await settle(run, [each]);
  }
}

/** Makes a reading that is shared by all who ask for it before it begins; each key has its own. */
export function sharedBy<K, T>(read: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const next = new Map<K, Promise<T>>();
  const running = new Map<K, Promise<unknown>>();
  return (key) => {
    const joined = next.get(key);
    if (joined) return joined;
    const begin = async () => {
      await running.get(key);
      next.delete(key);
      const reading = read(key);
      const done = reading.then(
        () => undefined,
        () => undefined,
      );
      running.set(key, done);
      void done.then(() => {
        if (running.get(key) === done) running.delete(key);
      });
      return reading;
    };
    const started = begin();
    next.set(key, started);
    return started;
  };
}
