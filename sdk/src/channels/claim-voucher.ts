import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { usageChannelAbi } from "../generated/abi/usageChannel.ts";
import type { Channel } from "../types.ts";
import type { SignedVoucher } from "./sign-voucher.ts";

/**
 * The custodian, by operator or signer, claims what the latest voucher owes.
 * @throws UsageChannel_NotCustodian, UsageChannel_NothingNew and others with a hint
 */
export function claimVoucher(
  salus: SalusWriter,
  { channel, voucher, signature }: { channel: Channel } & SignedVoucher,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.UsageChannel,
      abi: usageChannelAbi,
      functionName: "claim",
      args: [channel, voucher, signature],
    },
    options,
  );
}
