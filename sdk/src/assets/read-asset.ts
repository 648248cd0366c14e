import type { Address, ContractFunctionReturnType, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { assetRegistryAbi } from "../generated/abis.ts";
import { AssetStatus } from "../generated/constants.ts";

/** An asset's configuration as the registry holds it. */
export type AssetCfg = ContractFunctionReturnType<typeof assetRegistryAbi, "view", "cfgOf">;

/** What the chain says of an asset. */
export type AssetState = {
  cfg: AssetCfg;
  curator: Address;
  termsHash: Hex;
  /** hash of the current version */
  versionHash: Hex;
  token: Address;
};

/**
 * Reads an asset at the head, or at a block.
 * @throws SDK_ASSET_UNKNOWN
 */
export async function readAsset(
  { publicClient, deployment }: SalusReader,
  asset: bigint,
  at: { blockNumber?: bigint } = {},
): Promise<AssetState> {
  const registry = { address: deployment.contracts.AssetRegistry, abi: assetRegistryAbi, ...at } as const;
  try {
    const cfg = await publicClient.readContract({ ...registry, functionName: "cfgOf", args: [asset] });
    if (cfg.status === AssetStatus.None) throw unknown(asset);
    const [curator, termsHash, versionHash, token] = await Promise.all([
      publicClient.readContract({ ...registry, functionName: "ownerOf", args: [asset] }),
      publicClient.readContract({ ...registry, functionName: "termsHashOf", args: [asset] }),
      publicClient.readContract({ ...registry, functionName: "versionHashOf", args: [asset, cfg.versions] }),
      publicClient.readContract({ ...registry, functionName: "tokenAt", args: [cfg.token] }),
    ]);
    return { cfg, curator, termsHash, versionHash, token };
  } catch (error) {
    throw await explainRevert(error);
  }
}

function unknown(asset: bigint): SalusError {
  return new SalusError({
    code: "SDK_ASSET_UNKNOWN",
    message: `No asset has the id ${asset}.`,
    hint: "Check the id, and that you are on the chain where it was listed.",
    details: { asset: asset.toString() },
  });
}
