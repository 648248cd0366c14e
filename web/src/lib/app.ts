import { browser } from "$app/env";
import { HeadsWatch } from "./chain/heads-watch.svelte.ts";
import { isDemoChain, type PublicConfig } from "./config.ts";
import type { App } from "./context.ts";
import { createBrowserKeyStore } from "./session/browser-key-store.ts";
import type { KeyStore } from "./session/key-store.ts";
import { Session } from "./session/session.svelte.ts";
import { storeKey } from "./transactions/store.ts";
import { Transactions } from "./transactions/transactions.svelte.ts";

/** Builds what pages use for one visitor. On the server nothing of it reads or keeps anything. */
export function createApp(config: PublicConfig): App {
  const store = browser ? localStorage : createMemoryStore();
  const fetcher: typeof fetch = (...request) => fetch(...request);
  return {
    config,
    heads: new HeadsWatch(fetcher),
    session: new Session({
      keyStore: browser ? createBrowserKeyStore(indexedDB) : noKeyStore(),
      store,
      demo: isDemoChain(config),
      loadPersonas: () => import("./session/personas.ts"),
    }),
    transactions: new Transactions({
      store,
      key: storeKey(config.chainId, config.contracts["AccessEscrow"] ?? "none"),
      fetcher,
      readSlotBlock: async (slot) => (await import("./chain/slot-watch.ts")).blockOfSlot(config, slot),
    }),
  };
}

/** Starts what runs in the browser; returns the way to stop it. */
export function startApp(app: App): () => void {
  const off = app.heads.onHeads((heads) => app.transactions.seeIndexHead(heads.index));
  void app.session.resume();
  app.transactions.resume();
  app.heads.start();
  return () => {
    off();
    app.heads.stop();
    app.transactions.stop();
  };
}

function createMemoryStore(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

/** The server holds no account of anyone. */
function noKeyStore(): KeyStore {
  const refuse = () => Promise.reject(new Error("accounts exist in browsers only"));
  return { has: async () => false, create: refuse, restore: refuse, withSecret: refuse, forget: refuse };
}
