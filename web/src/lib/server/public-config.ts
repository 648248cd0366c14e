import { SALUS_CHAIN_ID, SALUS_DEPLOYMENT, SALUS_GATEWAYS, SALUS_RPC_URL } from "$app/env/private";
import type { PublicConfig } from "#lib/config.ts";
import { readStaticConfig } from "./config.ts";
import { createCurrencyReader } from "./currencies.ts";

let currencies: (() => Promise<PublicConfig["currencies"]>) | undefined;

/** What every browser may know, the deployment file read anew each time. @throws WEB_DEPLOYMENT */
export async function readPublicConfig(): Promise<PublicConfig> {
  const config = readStaticConfig({
    deployment: SALUS_DEPLOYMENT,
    chainId: SALUS_CHAIN_ID,
    gateways: SALUS_GATEWAYS,
  });
  currencies ??= createCurrencyReader(SALUS_RPC_URL, config.contracts["AssetRegistry"]);
  return { ...config, currencies: await currencies() };
}
