/** What every browser may know about this installation (`/api/config`). */
export interface PublicConfig {
  chainId: number;
  /** Contract name → address; empty when the site runs without a deployment. */
  contracts: Record<string, `0x${string}`>;
  /** Names of the gateways reachable under `/api/gateway/<name>/`. */
  gateways: string[];
}

/** Chain of local development, the only one where demo personas exist. */
export const LOCAL_CHAIN_ID = 31337;

/** True on the local chain, where fixed-seed demo personas may be used. */
export function isDemoChain(config: Pick<PublicConfig, "chainId">): boolean {
  return config.chainId === LOCAL_CHAIN_ID;
}
