import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { assetRegistryAbi } from "../generated/abis.ts";
import type { Listing, Order, Parent, Receipt, Terms, Version } from "../types.ts";
import { assetId } from "./asset-id.ts";

/** What a publication needs; the salt of the output commitment came with the training result. */
export type Publication = {
  listing: Listing;
  version: Version;
  parents: readonly Parent[];
  order: Order;
  receipt: Receipt;
  outputSalt: Hex;
  datasetTerms: Terms;
  custodySignature: Hex;
  /** the escrow that settled the order, where that is not the deployment's present one */
  escrow?: Address;
};

/**
 * Publishes a model whose file is what a settled training order of the sender put out. The people whose data trained it
 * are its first parent and earn from every use.
 */
export async function publishModel(
  salus: SalusWriter,
  p: Publication,
  options?: SendOptions,
): Promise<{ asset: bigint; receipt: TransactionReceipt }> {
  const receipt = await send(
    salus,
    {
      address: salus.deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      functionName: "publish",
      args: [
        p.listing,
        p.version,
        p.parents,
        {
          escrow: p.escrow ?? salus.deployment.contracts.AccessEscrow,
          order: p.order,
          receipt: p.receipt,
          outputSalt: p.outputSalt,
          terms: p.datasetTerms,
        },
        p.custodySignature,
      ],
    },
    options,
  );
  return { asset: assetId(salus.walletClient.account.address, p.listing.salt), receipt };
}
