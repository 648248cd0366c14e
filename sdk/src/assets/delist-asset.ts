import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { assetRegistryAbi } from "../generated/abis.ts";

/** Ends the sale of an asset, for good; funded orders become refundable. Curator or custodian's operator. */
export function delistAsset(
  salus: SalusWriter,
  asset: bigint,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      functionName: "delist",
      args: [asset],
    },
    options,
  );
}
