import { toErrorView, type ErrorView } from "#lib/errors.ts";

/** What a page read, or why it could not: pages show both inside their own layout. */
export type Loaded<T> = { ok: true; data: T } | { ok: false; error: ErrorView };

/** Runs a read and turns what it throws into something that a page can show. */
export async function load<T>(read: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, data: await read() };
  } catch (thrown) {
    return { ok: false, error: toErrorView(thrown) };
  }
}
