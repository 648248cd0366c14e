/**
 * Does work again and again, never twice at a time. A failure is told and made up for by the next time.
 *
 * @returns ends it, and waits for what is under way
 */
export function repeat(
  ms: number,
  work: () => Promise<unknown>,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(failed)
      .finally(() => (running = undefined));
  }, ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
