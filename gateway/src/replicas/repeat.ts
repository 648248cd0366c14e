/**
 * Does work again and again, never twice at a time. A failure is told and made up for by the next time.
 *
 * @param atOnce whether the first time is now, not after the first interval
 * @returns ends it, and waits for what is under way
 */
export function repeat(
  ms: number,
  work: () => Promise<unknown>,
  failed: (error: unknown) => void,
  { atOnce = false }: { atOnce?: boolean } = {},
): () => Promise<void> {
  let running: Promise<unknown> | undefined;
  const once = () => {
    running ??= work()
      .catch(failed)
      .finally(() => (running = undefined));
  };
  const timer = setInterval(once, ms);
  if (atOnce) once();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
