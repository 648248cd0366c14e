import { connect, connectAs, type SalusReader, type SalusWriter } from "@salus/sdk/chain/client";
import { parseDeployment, type Deployment } from "@salus/sdk/chain/deployment";
import { http } from "viem";
import type { PublicConfig } from "#lib/config.ts";
import type { App } from "#lib/context.ts";
import { WebError } from "#lib/errors.ts";
import { walletOf } from "./wallet.ts";

/*
 * The chain with everything that can be done on it. Brings the chain library with it, so it is imported on demand.
 */

/** Where the contracts are. @throws WEB_DEPLOYMENT */
export function deploymentOf({ chainId, startBlock, contracts }: PublicConfig): Deployment {
  try {
    return parseDeployment({ chainId, startBlock, contracts });
  } catch (cause) {
    throw new WebError("WEB_DEPLOYMENT", { cause });
  }
}

/** Reads of the chain through this site's own `/api/rpc`. Only in a browser. */
export function readerOf(config: PublicConfig): SalusReader {
  return connect({ deployment: deploymentOf(config), transport: transport() });
}

/** The chain, with the wallet of whoever is signed in. @throws WEB_NO_ACCOUNT, WEB_NO_WALLET, WEB_DEPLOYMENT */
export async function writerOf(app: Pick<App, "session" | "config">): Promise<SalusWriter> {
  const account = await walletOf(app);
  return connectAs({ deployment: deploymentOf(app.config), transport: transport(), account });
}

/** `/api/rpc` passes on a short list of methods; one that the library would only try is not asked for at all. */
export function transport() {
  const methods = { exclude: ["eth_fillTransaction"] };
  return http(`${location.origin}/api/rpc`, { batch: { batchSize: 20 }, methods });
}
