import type { Account, Hex, LocalAccount, WalletClient } from "viem";
import type { Deployment } from "./deployment.ts";
import { typedData, type SignedTypes } from "./typed-data.ts";

/** What can sign: an account with its key at hand, or a wallet client. */
export type Signer = Pick<LocalAccount, "signTypedData"> | (WalletClient & { account: Account });

/**
 * Signs a struct by EIP-712.
 * @example const signature = await signStruct(deployment, "Grant", grant, privateKeyToAccount(key));
 */
export function signStruct<T extends keyof SignedTypes>(
  deployment: Deployment,
  primaryType: T,
  message: SignedTypes[T],
  signer: Signer,
): Promise<Hex> {
  const data = typedData(deployment, primaryType, message);
  return "account" in signer
    ? signer.signTypedData({ ...data, account: signer.account } as never)
    : signer.signTypedData(data as never);
}
