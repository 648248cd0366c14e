import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { assetRegistryAbi } from "../generated/abis.ts";
import type { Version } from "../types.ts";

/** Adds a version to a dataset. The sender is its curator or its custodian's operator. */
export function addVersion(
  salus: SalusWriter,
  { asset, version }: { asset: bigint; version: Version },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      functionName: "addVersion",
      args: [asset, version],
    },
    options,
  );
}
