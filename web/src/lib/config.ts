import type { Currency } from "./money.ts";

/** What every browser may know about this installation (`/api/config`). */
export interface PublicConfig {
  chainId: number;
  /** Contract name → address; empty when the site runs without a deployment. */
  contracts: Record<string, `0x${string}`>;
  /** First block that can hold an event of the contracts. */
  startBlock: number;
  /** Names of the gateways reachable under `/api/gateway/<name>/`. */
  gateways: string[];
  /**
   * Token address in lower case → how amounts of it are written, in the order of the tokens' numbers from 1; empty while
   * the chain does not answer.
   */
  currencies: Record<string, Currency>;
}

/** Chain of local development, the only one where demo personas exist. */
export const LOCAL_CHAIN_ID = 31337;

/** True on the local chain, where fixed-seed demo personas may be used. */
export function isDemoChain(config: Pick<PublicConfig, "chainId">): boolean {
  return config.chainId === LOCAL_CHAIN_ID;
}

/** How amounts of a token are written. One that this site does not know is written in its smallest unit. */
export function currencyOf(config: Pick<PublicConfig, "currencies">, token: string): Currency {
  return config.currencies[token.toLowerCase()] ?? { symbol: `units of ${token.slice(0, 8)}…`, decimals: 0 };
}

/** The same by the number under which orders name a token. */
export function currencyByNumber(config: Pick<PublicConfig, "currencies">, number: number): Currency {
  return Object.values(config.currencies)[number - 1] ?? { symbol: `units of token ${number}`, decimals: 0 };
}
