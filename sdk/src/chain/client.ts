import {
  createPublicClient,
  createWalletClient,
  defineChain,
  type Account,
  type Chain,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import type { Deployment } from "./deployment.ts";

/** What every verb that reads the chain takes first. */
export type SalusReader = {
  deployment: Deployment;
  publicClient: PublicClient<Transport, Chain>;
};

/** What every verb that sends a transaction takes first. */
export type SalusWriter = SalusReader & { walletClient: WalletClient<Transport, Chain, Account> };

/**
 * Connects to the chain of a deployment.
 *
 * @example
 * const salus = connect({ deployment, transport: http("http://127.0.0.1:8545") });
 */
export function connect(options: {
  deployment: Deployment;
  transport: Transport;
  pollingInterval?: number;
}): SalusReader {
  const { deployment, transport, pollingInterval = 500 } = options;
  const publicClient = createPublicClient({
    chain: chainOf(deployment),
    transport,
    pollingInterval,
    cacheTime: 0,
  });
  return { deployment, publicClient };
}

/**
 * Connects with an account that signs and sends.
 *
 * @example
 * const salus = connectAs({ deployment, transport, account: privateKeyToAccount(key) });
 */
export function connectAs(options: {
  deployment: Deployment;
  transport: Transport;
  account: Account;
  pollingInterval?: number;
}): SalusWriter {
  const { deployment, transport, account, pollingInterval = 500 } = options;
  const walletClient = createWalletClient({
    account,
    chain: chainOf(deployment),
    transport,
    pollingInterval,
  });
  return { ...connect(options), walletClient };
}

function chainOf({ chainId }: Deployment): Chain {
  return defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });
}
