import { browser } from "$app/env";
import { toErrorView, type ErrorView } from "#lib/errors.ts";

/** What a page read, or why it could not: pages show both inside their own layout. */
export type Loaded<T> = { ok: true; data: T } | { ok: false; error: ErrorView };

/** Runs a read and turns what it throws into something that a page can show. */
export async function load<T>(read: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, data: await read() };
  } catch (thrown) {
    // The page shows what it may; what it hides is for those who run this site.
    if (!browser) console.error("A page could not be read:", thrown);
    return { ok: false, error: toErrorView(thrown) };
  }
}
