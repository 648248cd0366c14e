import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { assetRegistryAbi } from "../generated/abis.ts";
import type { Listing, Version } from "../types.ts";
import { assetId } from "./asset-id.ts";

/**
 * Lists a dataset with its first version in one transaction, whatever its size.
 *
 * @param custodySignature `Custody` of the custodian's operator; not needed when the operator sends
 * @returns the dataset's id, which is known before: {@link assetId}
 */
export async function listDataset(
  salus: SalusWriter,
  {
    listing,
    version,
    custodySignature = "0x",
  }: { listing: Listing; version: Version; custodySignature?: Hex },
  options?: SendOptions,
): Promise<{ asset: bigint; receipt: TransactionReceipt }> {
  const receipt = await send(
    salus,
    {
      address: salus.deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      functionName: "list",
      args: [listing, version, custodySignature],
    },
    options,
  );
  return { asset: assetId(salus.walletClient.account.address, listing.salt), receipt };
}
