import {
  parseSignature,
  recoverTypedDataAddress,
  type Address,
  type Hex,
  type TransactionReceipt,
} from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { send, type SendOptions } from "../chain/send.ts";
import type { Signer } from "../chain/sign-struct.ts";
import { salusTokenAbi } from "../generated/abi/salusToken.ts";
import { delegationData, type Delegation } from "./signed-types.ts";

const HOUR = 3600n;

/** A delegation with the holder's signature; a key's, since the token takes no other. */
export type SignedDelegation = { delegation: Delegation; signature: Hex };

/**
 * Signs a delegation of the holder's votes that anyone may submit, once.
 * @param to who gets the votes; the holder may name themselves
 * @param expiry seconds since 1970; an hour from the head by default
 */
export async function signDelegation(
  { publicClient, deployment }: SalusReader,
  { holder, to, expiry }: { holder: Address; to: Address; expiry?: bigint },
  signer: Signer,
): Promise<SignedDelegation> {
  const token = { address: deployment.contracts.SalusToken, abi: salusTokenAbi } as const;
  const [nonce, { timestamp }] = await Promise.all([
    publicClient.readContract({ ...token, functionName: "nonces", args: [holder] }),
    publicClient.getBlock(),
  ]).catch(async (error: unknown) => {
    throw await explainRevert(error);
  });
  const delegation = { delegatee: to, nonce, expiry: expiry ?? timestamp + HOUR };
  const data = delegationData(deployment, delegation);
  const signature =
    "account" in signer
      ? await signer.signTypedData({ ...data, account: signer.account } as never)
      : await signer.signTypedData(data as never);
  return { delegation, signature };
}

/** Whose delegation it is, by its signature. */
export function delegatorOf(
  deployment: Deployment,
  { delegation, signature }: SignedDelegation,
): Promise<Address> {
  return recoverTypedDataAddress({ ...delegationData(deployment, delegation), signature });
}

/** Submits somebody's signed delegation. Anyone may. */
export function submitDelegation(
  salus: SalusWriter,
  { delegation, signature }: SignedDelegation,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { delegatee, nonce, expiry } = delegation;
  const { r, s, yParity } = parseSignature(signature);
  const token = { address: salus.deployment.contracts.SalusToken, abi: salusTokenAbi } as const;
  const args = [delegatee, nonce, expiry, 27 + yParity, r, s] as const;
  return send(salus, { ...token, functionName: "delegateBySig", args }, options);
}
