import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { assetRegistryAbi } from "../generated/abis.ts";
import type { Listing, Version } from "../types.ts";

/**
 * What an asset's curator stated when listing it, terms in full, from the chain's events alone.
 * @throws SDK_ASSET_UNKNOWN
 */
export async function readListing(
  { publicClient, deployment }: SalusReader,
  asset: bigint,
): Promise<Listing> {
  try {
    const [event] = await publicClient.getContractEvents({
      address: deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      eventName: "AssetListed",
      args: { asset },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    if (event) return event.args.listing;
  } catch (error) {
    throw await explainRevert(error);
  }
  throw missing(`asset ${asset}`);
}

/**
 * A version's content, from the chain's events alone.
 * @throws SDK_ASSET_UNKNOWN
 */
export async function readVersion(
  { publicClient, deployment }: SalusReader,
  asset: bigint,
  version: number,
): Promise<Version> {
  try {
    const [event] = await publicClient.getContractEvents({
      address: deployment.contracts.AssetRegistry,
      abi: assetRegistryAbi,
      eventName: "VersionAdded",
      args: { asset, version },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    if (event) return event.args.content;
  } catch (error) {
    throw await explainRevert(error);
  }
  throw missing(`version ${version} of asset ${asset}`);
}

function missing(what: string): SalusError {
  return new SalusError({
    code: "SDK_ASSET_UNKNOWN",
    message: `The chain knows no ${what}.`,
    hint: "Check the id, and that you are on the chain where it was listed.",
  });
}
