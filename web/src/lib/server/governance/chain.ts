import { SALUS_RPC_URL } from "$app/env/private";
import { connect, type SalusReader } from "@salus/sdk/chain/client";
import { parseDeployment } from "@salus/sdk/chain/deployment";
import { http } from "viem";
import type { PublicConfig } from "#lib/config.ts";
import { WebError } from "#lib/errors.ts";

const TIMEOUT_MS = 5_000;

/** The chain as this server reads it for pages of votes. @throws WEB_DEPLOYMENT */
export function serverReader(config: PublicConfig): SalusReader {
  return connect({ deployment: deploymentOf(config), transport: transport() });
}

function deploymentOf({ chainId, startBlock, contracts }: PublicConfig) {
  try {
    return parseDeployment({ chainId, startBlock, contracts });
  } catch (cause) {
    throw new WebError("WEB_DEPLOYMENT", { cause });
  }
}

function transport() {
  return http(SALUS_RPC_URL, { timeout: TIMEOUT_MS, retryCount: 0, batch: true });
}

/** Runs a read of the chain; whatever it throws means that the chain does not answer. @throws WEB_RPC_UNREACHABLE */
export async function fromChain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof WebError ? cause : new WebError("WEB_RPC_UNREACHABLE", { cause });
  }
}
