import type { Address, TransactionReceipt } from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { SignedTypes } from "../chain/typed-data.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { Signed } from "./types.ts";
import { assertNonceNear } from "./sign-grant.ts";

/** What persons and proxies sign, each with the function that takes it. */
const FUNCTIONS = {
  ProxyNaming: "nameProxy",
  ProxyRemoval: "removeProxy",
  ProxyGrant: "grantByProxy",
  ProxyRevocation: "revokeByProxy",
} as const;

/** Names of the structs about proxies. */
export type ProxyWord = keyof typeof FUNCTIONS;

/** All of them. */
export const PROXY_WORDS = Object.keys(FUNCTIONS) as ProxyWord[];

/** A proxy's rights (bits of `PROXY_RIGHTS`, zero: it is none), their end, and the naming that its words refer to. */
export type ProxyStatus = { rights: number; expiry: number; since: number };

/**
 * Signs a word about a proxy or of one: naming and removing with the person's key, the others with the proxy's.
 *
 * @param slotNonce the slot's nonce now
 * @throws SDK_NONCE_TOO_FAR for a naming or a grant that is not for the slot's nonce or one of the next
 * @example await signProxyWord(deployment, "ProxyNaming", { dataset, subject, proxy, rights, expiry, nonce }, person, nonce);
 */
export async function signProxyWord<Name extends ProxyWord>(
  deployment: Deployment,
  name: Name,
  message: SignedTypes[Name],
  signer: Signer,
  slotNonce: number,
): Promise<Signed<SignedTypes[Name]>> {
  if ("nonce" in message) assertNonceNear(message.nonce, slotNonce);
  return { message, signature: await signStruct(deployment, name, message, signer) };
}

/** Submits a signed word about a proxy or of one; anyone may. */
export function submitProxyWord<Name extends ProxyWord>(
  salus: SalusWriter,
  name: Name,
  { message, signature }: Signed<SignedTypes[Name]>,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: FUNCTIONS[name],
      args: [message, signature] as never,
    },
    options,
  );
}

/** Reads what a key may do for a subject, at a block or at the head; an expired proxy keeps its entry. */
export async function readProxy(
  { publicClient, deployment }: SalusReader,
  {
    dataset,
    subject,
    proxy,
    blockNumber,
  }: { dataset: bigint; subject: Address; proxy: Address; blockNumber?: bigint },
): Promise<ProxyStatus> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "proxyOf",
      args: [dataset, subject, proxy],
      blockNumber,
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
