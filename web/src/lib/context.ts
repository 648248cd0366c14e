import { createContext } from "svelte";
import type { HeadsWatch } from "./chain/heads-watch.svelte.ts";
import type { PublicConfig } from "./config.ts";
import type { Session } from "./session/session.svelte.ts";
import type { Transactions } from "./transactions/transactions.svelte.ts";

/**
 * What every page may use. Held in context and made anew for each visitor: an instance in a module would be
 * shared by everyone whose page the server renders.
 */
export interface App {
  config: PublicConfig;
  session: Session;
  transactions: Transactions;
  heads: HeadsWatch;
}

export const [getApp, setApp] = createContext<App>();
