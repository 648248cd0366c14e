import { isAddressEqual, type Address, type Hex } from "viem";
import { type Typed, typedDigest } from "@salus/sdk/chain/typed-digest";
import { REQUEST_TYPES, requestDomain } from "@salus/sdk/gateway/requests";
import type { ChainView } from "../chain/view.ts";
import { recoverSigner } from "../threads/cryptography.ts";

type PrimaryType = keyof typeof REQUEST_TYPES;

/** Whether an address signed one of the request messages; contract accounts are asked on chain (ERC-1271). */
export function verifyRequest(
  chain: ChainView,
  parameters: { primaryType: PrimaryType; message: Record<string, unknown>; signer: Address; signature: Hex },
): Promise<boolean> {
  const { primaryType, message, signer, signature } = parameters;
  const { chainId, contracts } = chain.reader.deployment;
  const typed = {
    domain: requestDomain(chainId, contracts.GatewayRegistry),
    types: { [primaryType]: REQUEST_TYPES[primaryType] },
    primaryType,
    message,
  };
  return verifySignature(chain, signer, typed, signature);
}

/** Whether an address signed typed data, as an ordinary key or as a contract (ERC-1271). */
export async function verifySignature(
  chain: ChainView,
  signer: Address,
  typed: object,
  signature: Hex,
): Promise<boolean> {
  if (await isKeysOwn(signer, typed, signature)) return true;
  return chain.read(async ({ publicClient }) => {
    const code = await publicClient.getCode({ address: signer });
    if (!code || code === "0x") return false;
    return publicClient.verifyTypedData({ address: signer, signature, ...typed } as never);
  });
}

/** Whether an ordinary key signed typed data; asks nobody. */
export async function isKeysOwn(signer: Address, typed: object, signature: Hex): Promise<boolean> {
  const recovered = await recoverSigner({ hash: typedDigest(typed as Typed), signature });
  return recovered !== undefined && isAddressEqual(recovered, signer);
}
