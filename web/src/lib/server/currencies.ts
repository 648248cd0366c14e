import { assetRegistryAbi, testDollarAbi } from "@salus/sdk/generated/abis";
import { createPublicClient, http, zeroAddress, type Address } from "viem";
import type { Currency } from "#lib/money.ts";

/** How long a list serves: tokens are allowed by vote, so a new one may wait this long, in ms. */
const FRESH_MS = 60_000;
const TIMEOUT_MS = 3_000;
/** Far more than a vote will ever allow. */
const MOST = 64;

type Currencies = Record<string, Currency>;

/**
 * A reader of the allowed tokens' symbols and decimals, by lower-case address. While the chain does not answer it gives
 * what it knew last: pages then write amounts in smallest units rather than not at all.
 */
export function createCurrencyReader(
  rpcUrl: string,
  registry: Address | undefined,
): () => Promise<Currencies> {
  let known: Currencies = {};
  let readAt = 0;
  return async () => {
    if (!registry || Date.now() - readAt < FRESH_MS) return known;
    try {
      known = await readCurrencies(rpcUrl, registry);
      readAt = Date.now();
    } catch (error) {
      console.error("The allowed tokens could not be read:", error instanceof Error ? error.message : error);
    }
    return known;
  };
}

async function readCurrencies(rpcUrl: string, registry: Address): Promise<Currencies> {
  const client = createPublicClient({ transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 0 }) });
  const currencies: Currencies = {};
  for (let index = 1; index <= MOST; index++) {
    const token = await client.readContract({
      address: registry,
      abi: assetRegistryAbi,
      functionName: "tokenAt",
      args: [index],
    } as const);
    if (token === zeroAddress) break;
    const erc20 = { address: token, abi: testDollarAbi } as const;
    const [symbol, decimals] = await Promise.all([
      client.readContract({ ...erc20, functionName: "symbol" }),
      client.readContract({ ...erc20, functionName: "decimals" }),
    ]);
    currencies[token.toLowerCase()] = { symbol, decimals };
  }
  return currencies;
}
