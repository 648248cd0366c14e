import type { SalusReader } from "@salus/sdk/chain/client";
import type { Deployment } from "@salus/sdk/chain/deployment";
import { decodeFunctionResult, encodeFunctionData, numberToHex, type Abi } from "viem";
import type { PublicConfig } from "#lib/config.ts";
import { WebError } from "#lib/errors.ts";
import { rpc } from "#lib/rpc.ts";

/*
 * Reads of contracts without the chain library's client, for patient pages: a third of the code.
 */

interface Call {
  address: string;
  abi: Abi;
  functionName: string;
  args?: readonly unknown[];
  blockNumber?: bigint;
}

/** A reader for the SDK's verbs that only call views (`readSlots`, `readPot`). @throws WEB_DEPLOYMENT */
export function lightReader(config: PublicConfig): SalusReader {
  if (!config.contracts["ConsentRegistry"]) throw new WebError("WEB_DEPLOYMENT");
  const { chainId, startBlock, contracts } = config;
  const deployment = { chainId, startBlock, contracts } as unknown as Deployment;
  return { deployment, publicClient: { readContract } as unknown as SalusReader["publicClient"] };
}

async function readContract({ address, abi, functionName, args, blockNumber }: Call): Promise<unknown> {
  const data = encodeFunctionData({ abi, functionName, args });
  const block = blockNumber === undefined ? "latest" : numberToHex(blockNumber);
  const result = await rpc<`0x${string}`>(fetch, "eth_call", [{ to: address, data }, block]);
  return decodeFunctionResult({ abi, functionName, data: result, ...(args && { args }) });
}
