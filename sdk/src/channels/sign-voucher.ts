import type { Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Voucher } from "../types.ts";

/** A voucher with its payer's signature. */
export type SignedVoucher = { voucher: Voucher; signature: Hex };

/**
 * The payer's voucher for the next call: the price of one more call on top of the last voucher.
 * @param last the payer's latest voucher; left out for the first call
 */
export async function signVoucher(
  deployment: Deployment,
  next: { channel: Hex; price: bigint; last?: Pick<Voucher, "nonce" | "amount"> | undefined },
  signer: Signer,
): Promise<SignedVoucher> {
  const voucher: Voucher = {
    channel: next.channel,
    nonce: (next.last?.nonce ?? 0) + 1,
    amount: (next.last?.amount ?? 0n) + next.price,
  };
  return { voucher, signature: await signStruct(deployment, "Voucher", voucher, signer) };
}
