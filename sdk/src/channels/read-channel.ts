import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { usageChannelAbi } from "../generated/abi/usageChannel.ts";

/** What changes of a channel. */
export type ChannelStatus = {
  /** what is left of the payer's money */
  balance: bigint;
  /** what vouchers have paid so far, without the fee */
  claimed: bigint;
  /** Unix time from which it may be closed; 0 while no close was requested */
  closesAt: number;
  /** that of the last claimed voucher */
  nonce: number;
  /** one of `ChannelState` */
  state: number;
};

/** The state of a channel; `ChannelState.None` for one that was never opened. */
export async function readChannel(
  { publicClient, deployment }: SalusReader,
  id: Hex,
): Promise<ChannelStatus> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.UsageChannel,
      abi: usageChannelAbi,
      functionName: "statusOf",
      args: [id],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
