import type { Address, Hex } from "viem";
import { addressOf, encodeHeader, type RequestSigner, signRequest } from "./requests.ts";

/** Header value that authorises uploads of one asset's files; made by {@link signUploadToken}. */
export type UploadToken = string;

/**
 * Signs a permission to upload one asset's files (ciphertexts, descriptor, leaf files, key shares, model) to its gateways.
 *
 * @param signer the asset's curator, or the operator of its custodian
 * @param lifetime seconds, at most 24 h
 *
 * @example
 * const upload = await signUploadToken({ signer, chainId, gatewayRegistry, asset, curator, salt, custodian: 1 });
 */
export async function signUploadToken(parameters: {
  signer: RequestSigner;
  chainId: number;
  gatewayRegistry: Address;
  asset: bigint;
  curator: Address;
  /** the listing's salt, which with the curator makes the asset's id */
  salt: Hex;
  custodian: number;
  lifetime?: number;
}): Promise<UploadToken> {
  const { signer, chainId, gatewayRegistry, asset, curator, salt, custodian, lifetime = 3600 } = parameters;
  const expiry = Math.floor(Date.now() / 1000) + lifetime;
  const message = { asset, curator, salt, custodian, expiry };
  const signature = await signRequest({
    signer,
    chainId,
    gatewayRegistry,
    primaryType: "UploadToken",
    message,
  });
  const token = { asset: asset.toString(), curator, salt, custodian, expiry };
  return encodeHeader({ token, signer: addressOf(signer), signature });
}
