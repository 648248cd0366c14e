import type { Heads } from "./heads.ts";

/** How often the heads are read while the page is visible, in ms. */
const POLL_MS = 5000;

/** Follows chain head and indexed head. One instance per visitor, held in context. */
export class HeadsWatch {
  heads = $state.raw<Heads>({ chain: null, index: null, indexFailed: false });
  readonly #fetcher: typeof fetch;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<(heads: Heads) => void>();

  constructor(fetcher: typeof fetch) {
    this.#fetcher = fetcher;
  }

  /** Calls `listener` after each reading; returns the way to stop. */
  onHeads(listener: (heads: Heads) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    void this.refresh().finally(() => {
      this.#timer = setTimeout(() => this.start(), POLL_MS);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Reads once now. When the site's own server does not answer, both heads are unknown. */
  async refresh(): Promise<void> {
    if (document.visibilityState === "hidden") return;
    this.heads = await this.#read();
    for (const listener of this.#listeners) listener(this.heads);
  }

  async #read(): Promise<Heads> {
    try {
      const answer = await this.#fetcher("/api/head");
      if (answer.ok) return (await answer.json()) as Heads;
    } catch {
      // Offline: the unknown heads below say so to every page.
    }
    return { chain: null, index: null, indexFailed: false };
  }
}
